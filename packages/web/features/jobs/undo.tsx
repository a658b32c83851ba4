"use client";

import { useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { announce, showBar } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { isFinal } from "../../lib/api-client/call.ts";
import { queryClient } from "../../lib/api-client/queries.tsx";
import { createListeners } from "../../lib/listeners.ts";
import { countVideos } from "./count-videos.ts";
import { type Deleted, type Deletion, Deletions, UNDO_MS } from "./deletions.ts";
import { hiddenJobs } from "./known-jobs.ts";
import type { JobPage } from "./list-requests.ts";
import { removeMany } from "./requests.ts";
import { readDeletions, writeDeletions } from "./stored-deletions.ts";
import { JOBS } from "./use-jobs.ts";

const { subscribe, notify } = createListeners();

async function send(ids: string[], keepalive: boolean) {
  try {
    return (await removeMany(ids, keepalive)).failed;
  } catch (error) {
    if (!isFinal(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return ids.map((id) => ({ id, message }));
  }
}

/** Removes jobs from every list at once, or requests the lists again. */
function hide(ids: string[], on: boolean): void {
  if (ids.length === 0) return;
  for (const id of ids) {
    if (on) hiddenJobs.add(id);
    else hiddenJobs.delete(id);
  }
  if (!on) return void queryClient()?.invalidateQueries({ queryKey: [JOBS] });
  queryClient()?.setQueriesData<JobPage>({ queryKey: [JOBS] }, (page) =>
    page ? { ...page, jobs: page.jobs.filter(({ id }) => !hiddenJobs.has(id)) } : page,
  );
}

const deletions = new Deletions(
  {
    nowMs: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    stored: readDeletions,
    store: (change) => writeDeletions(change(readDeletions())),
    send,
    hide,
    // The page has room for jobs of the next one.
    onSettled: () => void queryClient()?.invalidateQueries({ queryKey: [JOBS] }),
  },
  notify,
);

window.addEventListener("pagehide", () => deletions.leave());
// The browser may show the page again as it was.
window.addEventListener("pageshow", ({ persisted }) => persisted && deletions.resume());

const BAR = <UndoBar />;

/** Deletes jobs after the time to undo it. The lists do not show them from now on. */
export function removeJobs(jobs: Deleted[]): void {
  showBar(BAR);
  deletions.remove(jobs);
  announce(`${countVideos(jobs.length)} deleted. You can undo this for ${UNDO_MS / 1000} seconds.`);
}

/** Sends the deletions that earlier pages could not send. */
export function resumeDeletions(): void {
  showBar(BAR);
  deletions.resume();
}

function UndoBar() {
  const { waiting, sending, failed } = useSyncExternalStore(subscribe, deletions.shown);
  // One request is too short to show.
  const long = sending.filter(({ settled }) => settled > 0);
  if (waiting.length + long.length + failed.length === 0) return null;
  return (
    <section
      aria-label="Deleted videos"
      className="fixed inset-x-4 bottom-4 z-40 mx-auto flex max-w-lg flex-col gap-2"
    >
      {waiting.map((deletion) => (
        <Waiting key={deletion.key} deletion={deletion} />
      ))}
      {long.map(({ key, jobs, settled }) => (
        <p key={key} className={ROW}>
          Deleting {settled} of {jobs.length}
          <Progress
            label={`Deleting ${countVideos(jobs.length)}`}
            value={settled}
            max={jobs.length}
            className="w-32"
          />
        </p>
      ))}
      {failed.length > 0 ? (
        <Notice
          role="alert"
          tone="danger"
          title={`${countVideos(failed.length)} could not be deleted`}
          actions={<Button onClick={() => deletions.dismiss()}>Dismiss</Button>}
        >
          <ul className="max-h-60 space-y-1 overflow-y-auto">
            {failed.map(({ id, title, message }) => (
              <li key={id}>
                <bdi className="font-medium">{title}</bdi>: {message}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </section>
  );
}

const ROW =
  "flex min-h-14 items-center justify-between gap-4 rounded-frame border border-line bg-surface px-4 py-2 text-sm shadow-2xl";

/** Has the focus, because the button that deleted is gone. */
function Waiting({ deletion }: { deletion: Deletion }) {
  const button = useRef<HTMLButtonElement>(null);
  const [first] = deletion.jobs;

  // A layout effect, because the button still has the focus when it is cleaned up.
  useLayoutEffect(() => {
    const element = button.current;
    const focus = () => element?.focus();
    // A dialog that closes returns the focus before its event.
    const dialog = document.querySelector("dialog:modal");
    if (dialog) dialog.addEventListener("close", focus, { once: true });
    else focus();
    return () => {
      // Otherwise, the focus would return to the top of the document.
      if (document.activeElement === element) document.getElementById("main")?.focus();
    };
  }, []);

  function undo() {
    if (deletions.undo(deletion)) announce(`${countVideos(deletion.jobs.length)} restored.`);
  }

  return (
    <p className={ROW}>
      <span className="min-w-0 truncate">
        {deletion.jobs.length === 1 ? <bdi>{first?.title}</bdi> : countVideos(deletion.jobs.length)}{" "}
        deleted
      </span>
      <Button ref={button} onClick={undo}>
        Undo
      </Button>
    </p>
  );
}
