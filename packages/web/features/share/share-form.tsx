"use client";

import type { New } from "@rushes/core/share/schema";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { TextArea } from "../../components/ui/text-area.tsx";
import { DEFAULT_HOURS, EXPIRIES, readForm } from "./share-view.ts";

type Props = {
  busy: boolean;
  problem?: string | undefined;
  onCreate(share: New, done: () => void): void;
};

const SWITCHES = [
  { name: "original", label: "Visitors may watch the original while it is being encoded" },
  { name: "downloads", label: "Visitors may download the video" },
  {
    name: "preview",
    label: "Show title, poster and length where the link is posted, if it has no password",
  },
];

/** The form for a new link: expiry, password, embed domains, and what else it allows. */
export function ShareForm({ busy, problem, onCreate }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [domainProblem, setDomainProblem] = useState<string>();
  const id = useId();
  const message = domainProblem ?? problem;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const share = readForm(new FormData(event.currentTarget));
    setDomainProblem("problem" in share ? share.problem : undefined);
    if (!("problem" in share)) onCreate(share, () => form.current?.reset());
  }

  return (
    <form ref={form} onSubmit={submit} className="space-y-4" aria-label="New link">
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          id={`${id}-expires`}
          name="expires"
          label="Expires"
          defaultValue={DEFAULT_HOURS}
          options={EXPIRIES}
        />
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
      {SWITCHES.map(({ name, label }) => (
        <label key={name} className="flex items-start gap-2 text-sm pointer-coarse:min-h-11">
          <input type="checkbox" name={name} className="mt-0.5 size-4 shrink-0 accent-(--accent)" />
          {label}
        </label>
      ))}
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
