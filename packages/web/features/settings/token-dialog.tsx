"use client";

import type { Role, Scope } from "@rushes/core/actor";
import { useId, useState } from "react";
import { Select } from "../../components/ui/field.tsx";
import { SecretDialog, SecretForm } from "./secret-dialog.tsx";
import { SecretOnce } from "./secret-once.tsx";
import {
  DEFAULT_EXPIRY,
  EXPIRIES,
  SCOPE_ORDER,
  SCOPE_SENTENCES,
  SCOPE_WORDS,
  scopesOf,
} from "./token-view.ts";
import type { useTokenActions } from "./use-settings.ts";

type Props = {
  open: boolean;
  /** Of the token's owner. */
  role: Role;
  create: ReturnType<typeof useTokenActions>["create"];
  onClose(): void;
};

const NOUN = "token";

/** Creates a token, and shows its secret once. */
export function TokenDialog({ open, role, create, onClose }: Props) {
  return (
    <SecretDialog
      open={open}
      noun={NOUN}
      create={create}
      onClose={onClose}
      form={(close) => <TokenForm role={role} create={create} onCancel={close} />}
      secret={({ token, secret }, close) => (
        <SecretOnce
          noun={NOUN}
          name={token.name}
          secret={secret}
          warning="Anyone with this token can do what its scopes allow."
          onDone={close}
        />
      )}
    />
  );
}

type ScopeFieldsProps = {
  offered: readonly Scope[];
  scopes: readonly Scope[];
  missing: boolean;
  onToggle(scope: Scope, on: boolean): void;
};

function ScopeFields({ offered, scopes, missing, onToggle }: ScopeFieldsProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={missing ? `${id}-missing` : undefined} className="space-y-2.5">
      <legend className="mb-1 text-sm font-medium">Scopes</legend>
      {offered.map((scope) => (
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

type TokenFormProps = Pick<Props, "role" | "create"> & { onCancel(): void };

function TokenForm({ role, create, onCancel }: TokenFormProps) {
  const id = useId();
  const [scopes, setScopes] = useState<readonly Scope[]>(["upload", "read"]);
  const [missing, setMissing] = useState(false);

  function submit(name: string, fields: FormData) {
    setMissing(scopes.length === 0);
    if (scopes.length === 0) return;
    create.mutate({
      name,
      scopes: SCOPE_ORDER.filter((scope) => scopes.includes(scope)),
      expiresInDays: Number(fields.get("days")),
    });
  }
  function toggle(scope: Scope, on: boolean) {
    setMissing(false);
    setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope));
  }

  return (
    <SecretForm
      noun={NOUN}
      placeholder="Nightly import"
      create={create}
      onSubmit={submit}
      onCancel={onCancel}
    >
      <ScopeFields offered={scopesOf(role)} scopes={scopes} missing={missing} onToggle={toggle} />
      <Select
        id={`${id}-days`}
        name="days"
        label="Expires in"
        defaultValue={DEFAULT_EXPIRY}
        className="w-48"
        options={EXPIRIES}
      />
    </SecretForm>
  );
}
