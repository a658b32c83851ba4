import { formatBytes as bytes } from "@rushes/core/format";
import { canRetry, problemSentence } from "@rushes/core/transfer/upload-error";
import { formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import type { knownJob } from "../jobs/known-jobs.ts";
import { statusSentence } from "../jobs/status-sentence.ts";
import { secondsLeft } from "./meter.ts";
import { listed, shortName } from "./names.ts";
import { ended } from "./status.ts";
import type { Repeated, State, UploadFile } from "./upload-file.ts";

/** "about 2 min left", rounded so that it does not flicker. */
export function timeLeft(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 5) return "a few seconds left";
  if (seconds < 55) return `about ${Math.round(seconds / 5) * 5} s left`;
  if (seconds < 55 * 60) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
  const minutes = Math.round(seconds / 600) * 10;
  const hours = `${Math.floor(minutes / 60)} h`;
  return minutes % 60 ? `about ${hours} ${minutes % 60} min left` : `about ${hours} left`;
}

/** 0 to 100, and 100 only when every byte has arrived. */
export function percent(sent: number, of: number): number {
  if (of <= 0) return 0;
  return Math.min(100, Math.floor((sent / of) * 100));
}

type KnownJob = ReturnType<typeof knownJob>;

export type RowAction = "pause" | "resume" | "cancel" | "retry" | "dismiss";

/** The content of one row. */
export interface Row {
  /** The line below the name. */
  text: string;
  tone: "quiet" | "danger" | "ok";
  /** 0 to 100. Absent shows no bar. */
  bar?: number;
  actions: readonly RowAction[];
  jobHref?: string;
}

const WAITING = {
  offline: "Paused: you are offline. Resumes automatically.",
  retry: "No connection to the server. Retrying automatically.",
  signed_out: "Paused: you are signed out. Resumes when you sign in again.",
  other_tab: "Uploading in another tab. Continues here if that tab closes.",
} as const;

const COMPARING = {
  sent: "Comparing the file with what was sent before…",
  video: "Comparing the file with a video of the same size…",
} as const;

/** Why a file started again, for its row and for screen readers. */
export const DIFFERED =
  "The file is not the same as before, so what was sent before is discarded and the upload starts again.";

export const differedSentence = (name: string) => `${isolate(shortName(name))}: ${DIFFERED}`;

/** A file that has become a job shows the job's state: an uploaded file may still be rejected. */
function uploadedRow(file: Extract<UploadFile, { status: "done" }>, job: KnownJob): Row {
  const size = bytes(file.sizeBytes);
  const shared: Pick<Row, "actions" | "tone"> = { actions: ["dismiss"], tone: "quiet" };
  if (!file.jobId) {
    return { ...shared, text: `${size} · uploaded. It will appear in the list soon.` };
  }
  if (job === "deleted") return { ...shared, text: `${size} · uploaded, then deleted` };
  const linked = { ...shared, jobHref: `/jobs/${file.jobId}` };
  if (!job) return { ...linked, text: `${size} · uploaded` };
  switch (job.status) {
    case "rejected":
    case "error":
      return { ...linked, tone: "danger", text: job.failureMessage ?? statusSentence(job) };
    case "complete":
      return { ...linked, tone: "ok", text: `${size} · ${statusSentence(job)}` };
    case "received":
    case "submitted":
    case "progressing":
    case "checking":
    case "canceled":
      return { ...linked, text: `${size} · uploaded. ${statusSentence(job)}` };
  }
}

const sentPercent = (file: UploadFile) => percent(sent(file), file.sizeBytes);

/** The size of a file, with what has arrived of it. */
function sizeText(file: UploadFile): string {
  const arrived = sent(file);
  return `${arrived > 0 ? `${bytes(arrived)} of ` : ""}${bytes(file.sizeBytes)}`;
}

/** The row of a file. `job` is the job that the file became, if it is known. */
export function row(file: UploadFile, job?: KnownJob): Row {
  switch (file.status) {
    case "queued": {
      const idle = file.comparing ? COMPARING[file.comparing] : `${sizeText(file)} · waiting`;
      const text = file.waiting ? WAITING[file.waiting] : idle;
      return { text, tone: "quiet", bar: sentPercent(file), actions: ["pause", "cancel"] };
    }
    case "paused": {
      const text = `Paused · ${sizeText(file)}`;
      return { text, tone: "quiet", bar: sentPercent(file), actions: ["resume", "cancel"] };
    }
    case "sending": {
      const shared = {
        tone: "quiet",
        bar: sentPercent(file),
        actions: ["pause", "cancel"],
      } as const;
      if (file.waiting) return { ...shared, text: WAITING[file.waiting] };
      const { bytesPerSecond } = file.meter;
      const parts = [
        `${bytes(file.sentBytes)} of ${bytes(file.sizeBytes)}`,
        bytesPerSecond ? `${bytes(bytesPerSecond)}/s` : undefined,
        timeLeft(secondsLeft(file.meter, file.sizeBytes - file.sentBytes)),
      ];
      return { ...shared, text: parts.filter(Boolean).join(" · ") };
    }
    case "finishing": {
      const text = file.waiting ? WAITING[file.waiting] : "Uploaded. Processing starts soon…";
      // Not a moving bar: with many files, dozens of them would move at once, and the page would paint at every frame.
      return { text, tone: "quiet", bar: 100, actions: [] };
    }
    case "done":
      return uploadedRow(file, job);
    case "failed": {
      const actions: RowAction[] = canRetry(file.problem) ? ["retry", "dismiss"] : ["dismiss"];
      return { text: problemSentence(file.problem), tone: "danger", actions };
    }
    case "canceled":
      return { text: "Canceled. Nothing was kept.", tone: "quiet", actions: ["dismiss"] };
  }
}

/** The summary of all files. Absent while there are none. */
export interface Total {
  /** Files that have not ended. */
  active: number;
  /** Those of them that are not paused. */
  running: number;
  percent: number;
  title: string;
  text: string;
}

/** `2 files failed`, for pages that do not list the files. Undefined if none has. */
export function failedText(files: readonly UploadFile[]): string | undefined {
  const failed = files.filter(({ status }) => status === "failed").length;
  return failed > 0 ? `${count(failed)} failed` : undefined;
}

function sent(file: UploadFile): number {
  if (file.status === "queued") return file.sentBytes ?? 0;
  return "sentBytes" in file ? file.sentBytes : file.sizeBytes;
}

/** The reason why all files wait, in one or two words. */
const REASON = {
  offline: "offline",
  retry: "no connection",
  signed_out: "signed out",
  other_tab: "another tab",
} as const;

/** The reason why a file waits instead of sending. */
const waitingOf = (file: UploadFile) => ("waiting" in file ? file.waiting : undefined);

const count = (files: number) => (files === 1 ? "1 file" : `${files} files`);

/** The total of what was or will be uploaded, with rows that have left. Canceled and failed files do not count. */
export function total(state: State): Total | undefined {
  const files = state.files.filter(
    (file) => file.status !== "canceled" && file.status !== "failed",
  );
  if (files.length === 0) return undefined;
  const { gone } = state;
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, gone.sizeBytes);
  const sentBytes = files.reduce((sum, file) => sum + sent(file), gone.sizeBytes);
  const active = files.filter((file) => !ended(file)).length;
  const done = files.length - active + gone.files;
  const shared = { active, percent: percent(sentBytes, sizeBytes) };
  if (active === 0) {
    return { ...shared, running: 0, title: `${count(done)} uploaded`, text: bytes(sizeBytes) };
  }
  const sending = files.filter((file) => file.status === "sending");
  const moving = sending.some((file) => !waitingOf(file));
  const waiting = files.map(waitingOf).find((one) => one !== undefined);
  const speed = state.meter.bytesPerSecond;
  const text = [
    `${bytes(sentBytes)} of ${bytes(sizeBytes)}`,
    moving && speed ? `${bytes(speed)}/s` : undefined,
    moving ? timeLeft(secondsLeft(state.meter, sizeBytes - sentBytes)) : undefined,
    waiting && !moving ? REASON[waiting] : undefined,
  ];
  const paused = files.filter((file) => file.status === "paused").length;
  const title = [
    paused < active ? `Uploading ${count(active - paused)}` : undefined,
    paused > 0 ? `${paused < active ? paused : count(paused)} paused` : undefined,
    done > 0 ? `${done} done` : undefined,
  ];
  const joined = {
    title: title.filter(Boolean).join(", "),
    text: text.filter(Boolean).join(" · "),
  };
  return { ...shared, ...joined, running: active - paused };
}

/**
 * The announcement for screen readers when files end or are paused. Undefined for every other change. Names a single
 * file, and counts several that change together.
 */
export function announcement(files: readonly UploadFile[]): string | undefined {
  const over = files.filter((file) => ended(file) || file.status === "paused");
  const [only] = over;
  if (!only) return undefined;
  if (over.length === 1) {
    const name = isolate(shortName(only.name));
    if (only.status === "failed") {
      return `${name} was not uploaded. ${problemSentence(only.problem)}`;
    }
    return `${name} is ${only.status === "done" ? "uploaded" : only.status}.`;
  }
  const countOf = (status: UploadFile["status"], word: string) => {
    const some = over.filter((file) => file.status === status).length;
    return some > 0 ? `${count(some)} ${word}` : undefined;
  };
  const parts = [
    countOf("done", "uploaded"),
    countOf("failed", "failed"),
    countOf("canceled", "canceled"),
    countOf("paused", "paused"),
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

/** What to tell a person who chose files a second time, or files that are videos already. */
export function repeatedSentence(files: readonly Repeated[]): string {
  const videos = files.filter(({ video }) => video);
  const added = files.filter(({ video }) => !video);
  const them = files.length === 1 ? "It is" : "They are";
  return [
    added.length > 0 && `You have already added ${listed(namesOf(added))}.`,
    videos.length > 0 && existingSentence(videos),
    `${them} not uploaded a second time.`,
  ]
    .filter(Boolean)
    .join(" ");
}

const namesOf = (files: readonly Repeated[]) => files.map(({ name }) => name);

function existingSentence(files: readonly Repeated[]): string {
  const [only] = files;
  const names = listed(namesOf(files));
  if (files.length > 1 || !only?.video) return `${names} are among your videos already.`;
  const { title, created } = only.video;
  const as = title === only.name ? "" : ` as ${isolate(shortName(title))}`;
  return `${names} is among your videos already${as}, since ${formatMoment(created)}.`;
}
