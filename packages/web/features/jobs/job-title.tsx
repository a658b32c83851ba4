"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button, IconButton } from "../../components/ui/button.tsx";
import type { useJobActions } from "./use-job-actions.ts";

const MAX_TITLE = 200;

type Props = { title: string; rename: ReturnType<typeof useJobActions>["rename"] };

/** The heading of the page, which the form for a new name replaces. */
export function JobTitle({ title, rename }: Props) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);

  useEffect(() => {
    if (!editing && wasEditing.current) pencil.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  if (editing) return <TitleForm title={title} rename={rename} onEnd={() => setEditing(false)} />;
  return (
    <div className="flex min-w-0 items-center gap-1">
      <h1 className="min-w-0 text-2xl leading-tight font-semibold tracking-tight sm:text-3xl">
        <bdi>{title}</bdi>
      </h1>
      <IconButton ref={pencil} label="Rename" onClick={() => setEditing(true)}>
        <ActionIcon name="pencil" />
      </IconButton>
    </div>
  );
}

function TitleForm({ title, rename, onEnd }: Props & { onEnd(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => field.current?.select(), []);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const next = field.current?.value.trim() ?? "";
    if (next === "" || next === title) return onEnd();
    rename.mutate(next, { onSuccess: onEnd });
  }

  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && onEnd()}
      className="flex flex-wrap items-center gap-2"
    >
      <h1 className="sr-only">
        <bdi>{title}</bdi>
      </h1>
      <label htmlFor={id} className="sr-only">
        Name of the video
      </label>
      <input
        ref={field}
        id={id}
        defaultValue={title}
        dir="auto"
        maxLength={MAX_TITLE}
        required
        autoComplete="off"
        aria-invalid={rename.isError}
        aria-describedby={rename.isError ? `${id}-error` : undefined}
        className="min-h-11 w-full min-w-48 rounded-lg border border-control bg-surface px-3 text-xl font-semibold sm:w-96"
      />
      <Button type="submit" tone="primary" disabled={rename.isPending}>
        Save
      </Button>
      <Button tone="quiet" onClick={onEnd}>
        Cancel
      </Button>
      {rename.isError ? (
        <p id={`${id}-error`} role="alert" className="w-full text-sm text-danger">
          {rename.error.message}
        </p>
      ) : null}
    </form>
  );
}
