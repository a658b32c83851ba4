"use client";

import type { Scope } from "@rushes/core/actor";
import { type FormEvent, useId, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { Modal } from "../../components/ui/modal.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { SecretOnce } from "./secret-once.tsx";
import {
  DEFAULT_EXPIRY,
  EXPIRIES,
  SCOPE_ORDER,
  SCOPE_SENTENCES,
  SCOPE_WORDS,
} from "./token-view.ts";
import type { useTokenActions } from "./use-settings.ts";

type Props = {
  open: boolean;
  create: ReturnType<typeof useTokenActions>["create"];
  onClose(): void;
};

/** Creates a token, and shows its secret once. */
export function TokenDialog({ open, create, onClose }: Props) {
  const created = create.data;
  function close() {
    // Forget the secret when the dialog closes.
    create.reset();
    onClose();
  }
  return (
    <Modal open={open} title={created ? "Your new token" : "New token"} onClose={close}>
      {created ? (
        <SecretOnce
          noun="token"
          name={created.token.name}
          secret={created.secret}
          warning="Anyone with this token can do what its scopes allow."
          onDone={close}
        />
      ) : (
        <TokenForm create={create} onCancel={close} />
      )}
    </Modal>
  );
}

type ScopeFieldsProps = {
  scopes: readonly Scope[];
  missing: boolean;
  onToggle(scope: Scope, on: boolean): void;
};

function ScopeFields({ scopes, missing, onToggle }: ScopeFieldsProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={missing ? `${id}-missing` : undefined} className="space-y-2.5">
      <legend className="mb-1 text-sm font-medium">Scopes</legend>
      {SCOPE_ORDER.map((scope) => (
        <label key={scope} className="flex min-h-9 items-start gap-3 pointer-coarse:min-h-11">
          <input
            type="checkbox"
            checked={scopes.includes(scope)}
            onChange={(event) => onToggle(scope, event.target.checked)}
            aria-describedby={`${id}-${scope}`}
            className="mt-0.5 size-4.5 shrink-0 accent-(--accent)"
          />
          <span className="text-sm">
            <span className="font-medium">{SCOPE_WORDS[scope]}</span>
            <span id={`${id}-${scope}`} className="block text-muted">
              {SCOPE_SENTENCES[scope]}
            </span>
          </span>
        </label>
      ))}
      {missing ? (
        <p id={`${id}-missing`} role="alert" className="text-sm text-danger">
          Choose at least one scope.
        </p>
      ) : null}
    </fieldset>
  );
}

function TokenForm({ create, onCancel }: { create: Props["create"]; onCancel(): void }) {
  const id = useId();
  const [scopes, setScopes] = useState<readonly Scope[]>(["upload", "read"]);
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setMissing(scopes.length === 0);
    if (scopes.length === 0) return;
    create.mutate({
      name: String(fields.get("name") ?? "").trim(),
      scopes: SCOPE_ORDER.filter((scope) => scopes.includes(scope)),
      expiresInDays: Number(fields.get("days")),
    });
  }
  function toggle(scope: Scope, on: boolean) {
    setMissing(false);
    setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope));
  }

  return (
    <form onSubmit={submit} className="mt-4 space-y-5">
      <TextField
        id={`${id}-name`}
        name="name"
        label="Name"
        placeholder="Nightly import"
        required
        pattern=".*\S.*"
        title="Enter a name, so that you can recognize the token in the list."
        maxLength={100}
        autoComplete="off"
      />
      <ScopeFields scopes={scopes} missing={missing} onToggle={toggle} />
      <Select
        id={`${id}-days`}
        name="days"
        label="Expires in"
        defaultValue={DEFAULT_EXPIRY}
        className="w-48"
        options={EXPIRIES}
      />
      {create.isError ? (
        <Notice role="alert" tone="danger" title="The token was not created">
          {create.error.message}
        </Notice>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={create.isPending}>
          Create token
        </Button>
      </div>
    </form>
  );
}
