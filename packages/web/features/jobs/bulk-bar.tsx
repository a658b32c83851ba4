"use client";

import { MAX_TAG_LENGTH } from "@rushes/core/job/tags";
import { type FormEvent, useId, useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { TextField } from "../../components/ui/field.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { countVideos } from "./count-videos.ts";
import { canRetry } from "./failure-view.ts";
import { canCancel } from "./status-view.ts";
import { type Action, addTag, cancelAll, removeTag, retryAll, useBulk } from "./use-bulk.ts";
import type { useSelection } from "./use-selection.ts";

type Selection = ReturnType<typeof useSelection>;
type Props = { selection: Selection };

/**
 * The actions for the selected jobs, next to "Select all". A bar that floats over the list would cover the checkboxes
 * and links of its cards.
 */
export function BulkBar({ selection }: Props) {
  const [open, setOpen] = useState<"delete" | "tag">();
  const { state, run, dismiss } = useBulk();
  const { jobs } = selection;
  const retriable = jobs.filter(canRetry);
  const running = jobs.filter(({ status }) => canCancel(status));

  async function start(action: Action, some: Selection["jobs"]) {
    setOpen(undefined);
    selection.keep(await run(action, some));
  }

  async function remove() {
    const { removeJobs } = await import("./undo.tsx");
    setOpen(undefined);
    removeJobs(jobs.map(({ id, title }) => ({ id, title })));
    selection.keep(new Set());
  }

  return (
    <>
      {state.type === "running" ? (
        <p className="flex items-center gap-3 text-sm" role="status">
          {state.action.doing} {state.settled} of {state.total}
          <Progress
            label={`${state.action.doing} ${countVideos(state.total)}`}
            value={state.settled}
            max={state.total}
            className="w-32"
          />
        </p>
      ) : jobs.length > 0 ? (
        <section
          aria-label="Selected videos"
          className="flex flex-wrap items-center gap-2 sm:justify-end"
        >
          <p className="mr-2 text-sm font-medium">{countVideos(jobs.length)} selected</p>
          <Button tone="quiet" onClick={() => selection.keep(new Set())}>
            Clear
          </Button>
          {running.length > 0 ? (
            <Button onClick={() => void start(cancelAll, running)}>
              Cancel encoding of {running.length}
            </Button>
          ) : null}
          {retriable.length > 0 ? (
            <Button onClick={() => void start(retryAll, retriable)}>
              Retry {retriable.length}
            </Button>
          ) : null}
          <Button
            aria-expanded={open === "tag"}
            onClick={() => setOpen(open === "tag" ? undefined : "tag")}
          >
            Tags
          </Button>
          <Button tone="danger" onClick={() => setOpen("delete")}>
            <ActionIcon name="trash" />
            Delete
          </Button>
          {open === "tag" ? <TagForm onAction={(action) => void start(action, jobs)} /> : null}
        </section>
      ) : null}
      {state.type === "ended" && state.failed.length > 0 ? (
        <div className="order-last w-full">
          <Notice
            role="alert"
            tone="danger"
            title={`${countVideos(state.failed.length)} could not be ${state.action.done}`}
            actions={<Button onClick={dismiss}>Dismiss</Button>}
          >
            <ul className="max-h-60 space-y-1 overflow-y-auto">
              {state.failed.map(({ id, title, message }) => (
                <li key={id}>
                  <bdi className="font-medium">{title}</bdi>: {message}
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      ) : null}
      <ConfirmDialog
        open={open === "delete"}
        title={`Delete ${countVideos(jobs.length)}?`}
        confirmLabel="Delete"
        busy={false}
        onConfirm={() => void remove()}
        onCancel={() => setOpen(undefined)}
      >
        You can undo this for some seconds. Then the sources and all renditions are deleted
        permanently, and encoding stops.
      </ConfirmDialog>
    </>
  );
}

/** A tag to add to the selected jobs, or to remove from them. */
function TagForm({ onAction }: { onAction(action: Action): void }) {
  const id = useId();
  const [text, setText] = useState("");
  const tag = text.trim();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (tag !== "") onAction(addTag(tag));
  }

  return (
    <form onSubmit={submit} className="flex w-full flex-wrap items-center gap-2 sm:justify-end">
      <TextField
        id={id}
        label="Tag"
        hideLabel
        placeholder="Tag"
        autoComplete="off"
        maxLength={MAX_TAG_LENGTH}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="w-48"
      />
      <Button type="submit" disabled={tag === ""}>
        Add the tag
      </Button>
      <Button disabled={tag === ""} onClick={() => onAction(removeTag(tag))}>
        Remove the tag
      </Button>
    </form>
  );
}
