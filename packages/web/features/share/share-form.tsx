"use client";

import type { New } from "@rushes/core/share/schema";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextArea, TextField } from "../../components/ui/field.tsx";
import { ENDS, parseOrigins, USUAL_HOURS } from "./share-view.ts";

type Props = {
  busy: boolean;
  problem?: string | undefined;
  onMake(share: New, done: () => void): void;
};

/** The form for a new link: expiry, password, and embed domains. */
export function ShareForm({ busy, problem, onMake }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [sites, setSites] = useState<string>();
  const id = useId();
  const wrong = sites ?? problem;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "");
    const parsed = parseOrigins(text("origins"));
    setSites("problem" in parsed ? parsed.problem : undefined);
    if ("problem" in parsed) return;
    const { hours } = ENDS[Number(text("ends"))] ?? {};
    const password = text("password");
    onMake(
      {
        origins: parsed.origins,
        ...(hours !== undefined && { expiresInHours: hours }),
        ...(password !== "" && { password }),
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
          defaultValue={ENDS.findIndex(({ hours }) => hours === USUAL_HOURS)}
        >
          {ENDS.map(({ label }, at) => (
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
        aria-invalid={sites !== undefined}
        aria-describedby={wrong === undefined ? undefined : `${id}-problem`}
      />
      {wrong === undefined ? null : (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {wrong}
        </p>
      )}
      <Button type="submit" tone="primary" aria-disabled={busy}>
        {busy ? "Creating link…" : "Create link"}
      </Button>
    </form>
  );
}
