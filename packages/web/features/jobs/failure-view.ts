import type { Failure } from "@rushes/core/job/failure";

/** What a person can do about a failure. `again` is true where the same file may do better. */
export type Advice = { sentence: string; again: boolean };

const ADVICE: Record<Failure["type"], Advice> = {
  "source.empty": { sentence: "Export or copy the file again, then upload it.", again: false },
  "source.not_media": {
    sentence: "Upload a video file, for instance MP4, MOV, MKV, WebM or AVI.",
    again: false,
  },
  "source.no_video": { sentence: "Upload a file that holds a picture.", again: false },
  "source.audio_only": { sentence: "Upload a file that holds a picture.", again: false },
  "source.truncated": {
    sentence: "Check that the file plays to its end, then upload it again.",
    again: false,
  },
  "source.too_long": {
    sentence: "Cut it into shorter parts, or raise the limit in the settings.",
    again: true,
  },
  "source.too_large": {
    sentence: "Export it smaller, or raise the limit in the settings.",
    again: true,
  },
  "source.missing": { sentence: "Upload the file again.", again: false },
  "encoder.refused": {
    sentence: "Try again; if it is refused again, convert the file to MP4 and upload that.",
    again: true,
  },
  "encoder.failed": {
    sentence: "Try again; if it fails again, convert the file to MP4 and upload that.",
    again: true,
  },
  "encoder.lost": { sentence: "Try again: the source is still there.", again: true },
};

export function advice(failure: Pick<Failure, "type">): Advice {
  return ADVICE[failure.type];
}
