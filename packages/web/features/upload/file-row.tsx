"use client";

import { oneLine } from "@rushes/core/one-line";
import Link from "next/link";
import { type MouseEvent, memo, type Ref, useSyncExternalStore } from "react";
import { buttonClass, IconButton } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { Icon, type IconName } from "../../components/ui/icon.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { knownJob, subscribeKnown } from "../jobs/known-jobs.ts";
import type { Engine } from "./engine.ts";
import { FilePreview } from "./file-preview.tsx";
import { shortName } from "./names.ts";
import type { UploadFile } from "./upload-file.ts";
import { DIFFERED, type Row, type RowAction, row } from "./view.ts";

const ACTIONS: Record<RowAction, { icon: IconName; label(name: string): string }> = {
  pause: { icon: "pause", label: (name) => `Pause the upload of ${name}` },
  resume: { icon: "play", label: (name) => `Resume the upload of ${name}` },
  cancel: { icon: "close", label: (name) => `Cancel the upload of ${name}` },
  retry: { icon: "retry", label: (name) => `Try ${name} again` },
  dismiss: { icon: "close", label: (name) => `Dismiss ${name}` },
};
const TONES = { quiet: "text-muted", danger: "text-danger", ok: "text-ok" } as const;

type Props = {
  file: UploadFile;
  engine: Pick<Engine, RowAction>;
  /** True while the row fades. */
  isLeaving: boolean;
  /** Moves the focus when this row is gone. */
  onDismissed(): void;
  /** Measures the row. */
  ref: Ref<HTMLLIElement>;
  /** The position in the whole list, of which only a part is rendered. */
  index: number;
  count: number;
  /** The offset in the list, in pixels. */
  startPx: number;
};

/** One file: its name, its state, and its actions. */
export const FileRow = memo(function FileRow(props: Props) {
  const { file, engine, isLeaving, onDismissed, ref, index, count, startPx } = props;
  const jobId = file.status === "done" ? file.jobId : undefined;
  const job = useSyncExternalStore(
    subscribeKnown,
    () => (jobId ? knownJob(jobId) : undefined),
    () => undefined,
  );
  const shown = row(file, job);
  const name = shortName(file.name);
  const act = (action: RowAction, { currentTarget }: MouseEvent<HTMLElement>) => {
    const item = currentTarget.closest("li");
    engine[action](file.key);
    // One button pauses and resumes, and keeps the focus. Others disappear with their action, and the focus must not jump
    // to the top of the page.
    if (action === "dismiss") onDismissed();
    else if (action !== "pause" && action !== "resume") item?.focus();
  };
  return (
    <li
      ref={ref}
      tabIndex={-1}
      data-index={index}
      data-key={file.key}
      data-status={file.status}
      aria-posinset={index + 1}
      aria-setsize={count}
      className={cx(
        "absolute inset-x-0 top-0 flex items-start gap-3 border-line px-4 py-3 not-first:border-t",
        isLeaving && "opacity-0 transition-opacity duration-700 motion-reduce:transition-none",
      )}
      style={{ transform: `translateY(${startPx}px)` }}
    >
      <FileState file={file} shown={shown} />
      {shown.jobHref ? (
        <Link
          href={shown.jobHref}
          prefetch={false}
          aria-label={`Open the video ${name}`}
          className={buttonClass("secondary")}
        >
          Open
        </Link>
      ) : null}
      {shown.actions.map((action) => (
        <IconButton
          key={action === "resume" ? "pause" : action}
          label={ACTIONS[action].label(name)}
          onClick={(event) => act(action, event)}
        >
          <Icon name={ACTIONS[action].icon} />
        </IconButton>
      ))}
    </li>
  );
});

/** The name of a file, with its progress and what happens to it. */
function FileState({ file, shown: { bar, tone, text } }: { file: UploadFile; shown: Row }) {
  const { status, signal } = file;
  const name = oneLine(file.name);
  // The preview would repeat the reason of a rejected video.
  const isOver = status === "failed" || status === "canceled" || tone === "danger";
  return (
    <div className="min-w-0 flex-1">
      <p className="line-clamp-2 text-sm font-medium" title={name}>
        <bdi>{name}</bdi>
      </p>
      {bar === undefined ? null : (
        <Progress label={`Upload of ${shortName(name)}`} value={bar} className="mt-2" />
      )}
      <p className={cx("mt-1 text-sm tabular-nums", TONES[tone])}>{text}</p>
      {file.differed && !isOver ? <p className="mt-1 text-sm">{DIFFERED}</p> : null}
      {isOver ? null : <FilePreview run={signal} />}
    </div>
  );
}
