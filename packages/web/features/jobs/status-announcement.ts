import type { Listed } from "@rushes/core/job/schema";
import { isTerminal, type Status } from "@rushes/core/job/status";
import { isolate } from "../../lib/isolate.ts";

/** The announcement for screen readers when a job ends. Undefined for other changes. */
export function statusAnnouncement(
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
