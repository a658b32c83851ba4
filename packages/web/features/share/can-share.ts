import { playing } from "@rushes/core/job/playing";

/** True if the video can be shared: at least one rendition plays. */
export function canShare(job: Parameters<typeof playing>[0]): boolean {
  return playing(job).landed.some((label) => label !== "poster");
}
