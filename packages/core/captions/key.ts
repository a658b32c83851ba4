import type { CaptionsId, JobId } from "../id.ts";

/** Outside the folders of attempts, because captions stay when a video is encoded again. */
export function captionsKey(jobId: JobId, id: CaptionsId): string {
  return `media/${jobId}/captions/${id}.vtt`;
}
