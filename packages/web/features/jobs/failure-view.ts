import type { Failure } from "@rushes/core/job/failure";
import type { Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";

/** What the user can do about a failure. `again` is true if a retry of the same file may succeed. */
export type Advice = { sentence: string; again: boolean };

const CONVERT = "Convert the file to MP4 with H.264 and AAC, then upload it.";
const KEPT = "The source is kept, so you can try again.";
const LOG = "See the log for this ID. Try again, and report it if it fails again.";
const LIMIT = "Upload a shorter or smaller video, or raise the limit in the settings.";

const ADVICE: Record<Failure["type"], Advice> = {
  "source.empty": { sentence: "Export or copy the file again, then upload it.", again: false },
  "source.not_media": {
    sentence: "Upload a video file, such as MP4, MOV, MKV, WebM or AVI.",
    again: false,
  },
  "source.no_video": { sentence: "Upload a file with a video track.", again: false },
  "source.audio_only": { sentence: "Retry the video.", again: true },
  "source.no_audio": { sentence: "Retry the video with another profile.", again: true },
  "source.picture": {
    sentence: "Upload a video file, such as MP4, MOV, MKV, WebM or AVI.",
    again: false,
  },
  "source.truncated": {
    sentence: "First check on your computer that the file plays to the end.",
    again: false,
  },
  "source.too_long": {
    sentence: "Cut it into shorter parts, or raise the limit in the settings.",
    again: true,
  },
  "source.too_large": {
    sentence: "Export a smaller file, or raise the limit in the settings.",
    again: true,
  },
  "source.missing": { sentence: "Upload the file again.", again: false },
  "source.archived": {
    sentence: "Restore the object in S3, or copy it to another storage class. Then try again.",
    again: true,
  },
  "source.replaced": { sentence: "Open the newer video, or upload the file again.", again: false },
  "source.encrypted": {
    sentence: "Export a copy without encryption, then upload it.",
    again: false,
  },
  "source.damaged": {
    sentence: "Check that the file plays, or export it again as MP4, then upload it.",
    again: false,
  },
  "source.unsupported_video": { sentence: CONVERT, again: false },
  "source.unsupported_audio": { sentence: CONVERT, again: false },
  "source.too_many_pixels": {
    sentence: "Export it at a lower resolution, or raise the limit in the settings.",
    again: true,
  },
  "source.too_many_frames": {
    sentence: "Cut it into shorter parts, or raise the limit in the settings.",
    again: true,
  },
  "source.too_sparse": {
    sentence: "Export the video again: its length is probably wrong.",
    again: true,
  },
  "encoder.refused": { sentence: LOG, again: true },
  "encoder.failed": { sentence: LOG, again: true },
  "encoder.lost": { sentence: KEPT, again: true },
  "encoder.stopped": { sentence: KEPT, again: true },
  "encoder.storage": { sentence: KEPT, again: true },
  "encoder.out_of_memory": { sentence: KEPT, again: true },
  "encoder.output": { sentence: LOG, again: true },
  "encoder.time_limit": { sentence: LIMIT, again: true },
  "encoder.memory_limit": { sentence: LIMIT, again: true },
  "encoder.output_limit": { sentence: LIMIT, again: true },
  "encoder.unavailable": { sentence: KEPT, again: true },
  "encoder.unreadable": { sentence: KEPT, again: true },
};

export function advice(failure: Pick<Failure, "type">): Advice {
  return ADVICE[failure.type];
}

/** A job that ended without its renditions can be retried, unless the same file can only fail again. */
export function canRetry(
  job: Pick<Listed, "status" | "failure"> & { source?: Listed["source"] },
): boolean {
  if (job.source?.replaced || !isTerminal(job.status) || job.status === "complete") return false;
  return job.failure === undefined || advice(job.failure).again;
}

/** Any job that has ended can be encoded again with another profile, as long as its source is the same. */
export function canEncodeAgain(job: Parameters<typeof canRetry>[0]): boolean {
  return canRetry(job) || (job.status === "complete" && !job.source?.replaced);
}
