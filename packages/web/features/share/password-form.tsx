"use client";

import { type FormEvent, useEffect, useId, useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { TextField } from "../../components/ui/field.tsx";

type Props = { problem?: string | undefined; busy: boolean; onSubmit(password: string): void };
export function PasswordForm({ problem, busy, onSubmit }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const id = useId();

  useEffect(() => {
    if (problem !== undefined) form.current?.querySelector("input")?.select();
  }, [problem]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get("password");
    if (typeof given === "string" && given !== "" && !busy) onSubmit(given);
  }

  return (
    <form ref={form} onSubmit={submit} className="mx-auto w-full max-w-sm space-y-4">
      <div className="space-y-1">
        <h1 className="text-xl font-semibold tracking-tight">
          This video is protected by a password
        </h1>
        <p className="text-sm text-muted">Ask the person who sent you the link.</p>
      </div>
      <TextField
        id={`${id}-password`}
        label="Password"
        name="password"
        type="password"
        required
        maxLength={200}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
      />
      {problem === undefined ? null : (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      <Button type="submit" tone="primary" aria-disabled={busy} className="w-full">
        {busy ? "Opening…" : "Watch"}
      </Button>
    </form>
  );
}
