"use client";

import type { Info as Token } from "@rushes/core/token/schema";
import { useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { Deferred } from "../../components/ui/deferred.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { RowItem, Rows, Section } from "../../components/ui/section.tsx";
import { formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { useNow } from "../../lib/use-now.ts";
import { SCOPE_ORDER, SCOPE_WORDS, tokenTimes } from "./token-view.ts";
import { useTokenActions, useTokens } from "./use-settings.ts";

const tokenDialog = () => import("./token-dialog.tsx");

function TokenRow({ token, onRevoke }: { token: Token; onRevoke(): void }) {
  const { used, expires, soon } = tokenTimes(token, useNow());
  const scopes = SCOPE_ORDER.filter((scope) => token.scopes.includes(scope));
  return (
    <RowItem
      actions={
        <Button onClick={onRevoke} aria-label={`Revoke the token ${token.name}`}>
          Revoke
        </Button>
      }
    >
      <p className="text-sm font-semibold">
        <bdi>{token.name}</bdi>
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <span className="font-mono text-xs leading-5">{token.start}…</span>
        <span>{scopes.map((scope) => SCOPE_WORDS[scope]).join(", ")}</span>
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <span title={`Created ${formatMoment(token.time.created)}`}>{used}</span>
        <span className={cx(soon && "font-medium text-danger")}>{expires}</span>
      </p>
    </RowItem>
  );
}

/** The API tokens: what scripts and pipelines sign in with. */
export function TokensSection() {
  const query = useTokens();
  const { create, revoke } = useTokenActions();
  /** Undefined until it is wanted: only then is its code fetched. */
  const [making, setMaking] = useState<boolean>();
  const [asking, setAsking] = useState<Token>();

  function confirm() {
    if (!asking) return;
    revoke.mutate(asking.id, {
      onSuccess: () => announce(`Token ${isolate(asking.name)} revoked.`),
      onSettled: () => setAsking(undefined),
    });
  }

  return (
    <Section
      id="tokens"
      title="API tokens"
      about="For scripts and pipelines. Tokens are limited to their scopes and your own videos, and expire automatically."
      actions={
        <Button tone="primary" onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      {revoke.isError ? (
        <Notice
          role="alert"
          tone="danger"
          title="The token was not revoked"
          actions={<Button onClick={() => revoke.reset()}>Dismiss</Button>}
        >
          {revoke.error.message}
        </Notice>
      ) : null}
      <Loaded query={query} what="the tokens">
        {({ tokens }) =>
          tokens.length === 0 ? (
            <p className="rounded-frame border border-dashed border-control px-5 py-6 text-sm text-muted">
              No tokens yet.
            </p>
          ) : (
            <Rows label="API tokens">
              {tokens.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={() => setAsking(token)} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {making === undefined ? null : (
        <Deferred load={tokenDialog}>
          {({ TokenDialog }) => (
            <TokenDialog open={making} create={create} onClose={() => setMaking(false)} />
          )}
        </Deferred>
      )}
      <ConfirmDialog
        open={asking !== undefined}
        title="Revoke this token?"
        confirmLabel="Revoke"
        busy={revoke.isPending}
        onConfirm={confirm}
        onCancel={() => setAsking(undefined)}
      >
        Whatever uses “<bdi>{asking?.name}</bdi>” is refused at once, and no token can be brought
        back.
      </ConfirmDialog>
    </Section>
  );
}
