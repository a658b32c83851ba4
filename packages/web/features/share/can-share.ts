import type { Listed } from "@rushes/core/job/schema";

/** True if the video can be shared: at least one rendition plays. */
export function canShare(job: Pick<Listed, "landed" | "earlier">): boolean {
  return (job.earlier ?? job).landed.some((label) => label !== "poster");
}
