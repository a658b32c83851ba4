import type { Listed } from "@rushes/core/job/schema";
import { isTerminal, type Status } from "@rushes/core/job/status";
import type { BadgeTone } from "../../components/ui/badge.tsx";

const LABELS: Record<Status, { label: string; tone: BadgeTone }> = {
  received: { label: "Received", tone: "neutral" },
  submitted: { label: "Queued", tone: "neutral" },
  progressing: { label: "Encoding", tone: "accent" },
  checking: { label: "Checking", tone: "accent" },
  complete: { label: "Ready", tone: "ok" },
  error: { label: "Failed", tone: "danger" },
  canceled: { label: "Canceled", tone: "neutral" },
  rejected: { label: "Rejected", tone: "danger" },
};

export function statusLabel(status: Status): string {
  return LABELS[status].label;
}

export function statusTone(status: Status): BadgeTone {
  return LABELS[status].tone;
}

export type Bar = { kind: "none" } | { kind: "waiting" } | { kind: "percent"; percent: number };

/** The progress bar of a job. Absent after the job's end, and without a value until the encoder reports one. */
export function progressBar(job: Pick<Listed, "status" | "progressPercent">): Bar {
  if (isTerminal(job.status)) return { kind: "none" };
  if (job.status !== "progressing" || job.progressPercent === 0) return { kind: "waiting" };
  return { kind: "percent", percent: job.progressPercent };
}

export function canCancel(status: Status): boolean {
  return !isTerminal(status);
}

/** True if at least one of the jobs is in flight. */
export function anyInFlight(jobs: readonly Pick<Listed, "status">[]): boolean {
  return jobs.some((job) => !isTerminal(job.status));
}
