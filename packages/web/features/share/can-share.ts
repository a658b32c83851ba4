import type { Listed } from "@rushes/core/job/schema";

/** Whether there is anything to share: at least one rendition that plays. */
export function canShare(job: Pick<Listed, "landed" | "earlier">): boolean {
  return (job.earlier ?? job).landed.some((label) => label !== "poster");
}
