"use client";

import type { New } from "@rushes/core/share/schema";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextArea, TextField } from "../../components/ui/field.tsx";
import { DEFAULT_HOURS, EXPIRIES, parseOrigins } from "./share-view.ts";

type Props = {
  busy: boolean;
  problem?: string | undefined;
  onCreate(share: New, done: () => void): void;
};

/** The form for a new link: expiry, password, and embed domains. */
export function ShareForm({ busy, problem, onCreate }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [domainProblem, setDomainProblem] = useState<string>();
  const id = useId();
  const message = domainProblem ?? problem;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "");
    const parsed = parseOrigins(text("origins"));
    setDomainProblem("problem" in parsed ? parsed.problem : undefined);
    if ("problem" in parsed) return;
    const { hours } = EXPIRIES[Number(text("ends"))] ?? {};
    const password = text("password");
    onCreate(
      {
        origins: parsed.origins,
        expiresInHours: hours,
        password: password === "" ? undefined : password,
      },
      () => form.current?.reset(),
    );
  }

  return (
    <form ref={form} onSubmit={submit} className="space-y-4" aria-label="New link">
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          id={`${id}-ends`}
          name="ends"
          label="Expires"
          defaultValue={EXPIRIES.findIndex(({ hours }) => hours === DEFAULT_HOURS)}
        >
          {EXPIRIES.map(({ label }, at) => (
            <option key={label} value={at}>
              {label}
            </option>
          ))}
        </Select>
        <TextField
          id={`${id}-password`}
          name="password"
          label="Password (optional)"
          minLength={4}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <TextArea
        id={`${id}-origins`}
        name="origins"
        label="Allowed embed domains (optional)"
        placeholder="https://example.com"
        rows={2}
        spellCheck={false}
        aria-invalid={domainProblem !== undefined}
        aria-describedby={message === undefined ? undefined : `${id}-problem`}
      />
      {message === undefined ? null : (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {message}
        </p>
      )}
      <Button type="submit" tone="primary" aria-disabled={busy}>
        {busy ? "Creating link…" : "Create link"}
      </Button>
    </form>
  );
}
