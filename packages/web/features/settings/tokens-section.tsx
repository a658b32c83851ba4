"use client";

import type { Role } from "@rushes/core/actor";
import type { Info as Token } from "@rushes/core/token/schema";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { Deferred } from "../../components/ui/deferred.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { RowItem, Rows } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { useNow } from "../../lib/use-now.ts";
import { RemovalSection } from "./removal-section.tsx";
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

/** The API tokens, with which scripts and pipelines sign in. */
export function TokensSection({ role }: { role: Role }) {
  const query = useTokens();
  const { create, revoke } = useTokenActions();
  const removal = useConfirmed(revoke, ({ name }) => `Token ${isolate(name)} revoked.`);
  /** Undefined until it is first opened: only then is its code fetched. */
  const [creating, setCreating] = useState<boolean>();

  return (
    <RemovalSection
      id="tokens"
      title="API tokens"
      about="For scripts and pipelines. Tokens are limited to their scopes and your own videos, and expire automatically."
      actions={
        <Button tone="primary" onClick={() => setCreating(true)}>
          New token
        </Button>
      }
      removal={removal}
      dialog={{
        title: "Revoke this token?",
        confirmLabel: "Revoke",
        body: (
          <>
            Requests with “<bdi>{removal.input?.name}</bdi>” are rejected immediately. You cannot
            undo this.
          </>
        ),
      }}
      failed="The token was not revoked"
    >
      <Loaded query={query} what="the tokens">
        {({ tokens }) =>
          tokens.length === 0 ? (
            <p className="rounded-frame border border-dashed border-control px-5 py-6 text-sm text-muted">
              No tokens yet.
            </p>
          ) : (
            <Rows label="API tokens">
              {tokens.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={() => removal.ask(token)} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {creating === undefined ? null : (
        <Deferred load={tokenDialog}>
          {({ TokenDialog }) => (
            <TokenDialog
              open={creating}
              role={role}
              create={create}
              onClose={() => setCreating(false)}
            />
          )}
        </Deferred>
      )}
    </RemovalSection>
  );
}
