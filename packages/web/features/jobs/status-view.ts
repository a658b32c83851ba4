import type { Listed } from "@rushes/core/job/schema";
import { isTerminal, type Status } from "@rushes/core/job/status";
import type { BadgeTone } from "../../components/ui/badge.tsx";
import { isolate } from "../../lib/isolate.ts";

/** What a person reads for each status, and how it looks. */
const WORDS: Record<Status, { word: string; tone: BadgeTone }> = {
  received: { word: "Received", tone: "neutral" },
  submitted: { word: "Queued", tone: "neutral" },
  progressing: { word: "Encoding", tone: "accent" },
  complete: { word: "Ready", tone: "ok" },
  error: { word: "Failed", tone: "danger" },
  canceled: { word: "Canceled", tone: "neutral" },
  rejected: { word: "Rejected", tone: "danger" },
};

export function statusWord(status: Status): string {
  return WORDS[status].word;
}

export function statusTone(status: Status): BadgeTone {
  return WORDS[status].tone;
}

export type Bar = { kind: "none" } | { kind: "waiting" } | { kind: "percent"; percent: number };

/** The progress bar of a job: none once it has ended, without a figure until the encoder gives one. */
export function progressBar(job: Pick<Listed, "status" | "progressPercent">): Bar {
  if (isTerminal(job.status)) return { kind: "none" };
  if (job.status !== "progressing" || job.progressPercent === 0) return { kind: "waiting" };
  return { kind: "percent", percent: job.progressPercent };
}

export function canCancel(status: Status): boolean {
  return !isTerminal(status);
}

/** True when at least one of the jobs will change by itself. */
export function anyInFlight(jobs: readonly Pick<Listed, "status">[]): boolean {
  return jobs.some((job) => !isTerminal(job.status));
}

/** What is worth saying aloud when a job went from one status to another; nothing for mere steps. */
export function spokenChange(
  before: Status | undefined,
  job: Pick<Listed, "status" | "title">,
): string | undefined {
  if (before === undefined || before === job.status || !isTerminal(job.status)) return undefined;
  const ends: Partial<Record<Status, string>> = {
    complete: "is ready",
    error: "failed",
    canceled: "was canceled",
    rejected: "was rejected",
  };
  return `${isolate(job.title)} ${ends[job.status]}.`;
}
