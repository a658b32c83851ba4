"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button, IconButton } from "../../components/ui/button.tsx";
import type { useJobActions } from "./use-job.ts";

const MAX_TITLE = 200;

type Props = { title: string; rename: ReturnType<typeof useJobActions>["rename"] };

/** The heading of the page, which the form for a new name replaces. */
export function JobTitle({ title, rename }: Props) {
  const [editing, setEditing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  const id = useId();

  useEffect(() => {
    if (editing) field.current?.select();
    else if (wasEditing.current) pencil.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const next = field.current?.value.trim() ?? "";
    if (next === "" || next === title) return setEditing(false);
    rename.mutate(next, { onSuccess: () => setEditing(false) });
  }

  if (!editing) {
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
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && setEditing(false)}
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
      <Button tone="quiet" onClick={() => setEditing(false)}>
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
