"use client";

import { MAX_TAG_LENGTH, MAX_TAGS } from "@rushes/core/job/tags";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Button, IconButton } from "../../components/ui/button.tsx";
import { CONTROL } from "../../components/ui/field.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { TagLink } from "./tag-link.tsx";
import type { useJobActions } from "./use-job-actions.ts";

type Props = { tags: readonly string[]; change: ReturnType<typeof useJobActions>["tag"] };

/** The tags of a video: each leads to the videos with it. You can remove them and add others. */
export function JobTags({ tags, change }: Props) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {tags.length > 0 ? (
        <ul aria-label="Tags" className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {tags.map((tag) => (
            <li key={tag} className="flex max-w-full items-center">
              <TagLink tag={tag} />
              <IconButton
                label={`Remove the tag ${tag}`}
                disabled={change.isPending}
                onClick={() => change.mutate({ removeTags: [tag] })}
              >
                <Icon name="close" className="size-4" />
              </IconButton>
            </li>
          ))}
        </ul>
      ) : null}
      {adding ? (
        <TagForm change={change} onEnd={() => setAdding(false)} />
      ) : tags.length < MAX_TAGS ? (
        <Button tone="quiet" onClick={() => setAdding(true)}>
          Add a tag
        </Button>
      ) : null}
      {change.isError ? (
        <p role="alert" className="w-full text-sm text-danger">
          {change.error.message}
        </p>
      ) : null}
    </div>
  );
}

function TagForm({ change, onEnd }: { change: Props["change"]; onEnd(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => field.current?.focus(), []);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const tag = field.current?.value.trim() ?? "";
    if (tag === "") return onEnd();
    change.mutate(
      { addTags: [tag] },
      {
        // The field stays for the next tag.
        onSuccess() {
          if (field.current) field.current.value = "";
        },
      },
    );
  }

  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && onEnd()}
      className="flex items-center gap-2"
    >
      <label htmlFor={id} className="sr-only">
        New tag
      </label>
      <input
        ref={field}
        id={id}
        dir="auto"
        maxLength={MAX_TAG_LENGTH}
        autoComplete="off"
        className={`${CONTROL} sm:w-48`}
      />
      <Button type="submit" disabled={change.isPending}>
        Add
      </Button>
      <Button tone="quiet" onClick={onEnd}>
        Done
      </Button>
    </form>
  );
}
