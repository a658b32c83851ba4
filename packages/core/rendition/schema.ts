import * as z from "zod";

export const KINDS = ["mp4", "poster"] as const;
export const LABELS = ["1080p", "720p", "web-720p", "poster"] as const;

/** One output file of a job. */
export const Info = z.object({
  label: z.enum(LABELS),
  kind: z.enum(KINDS),
  attempt: z.number().int().min(1),
  key: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** `algorithm:base64`, as S3 reports it, or else `etag:…`. */
  checksum: z.string(),
  container: z.string().optional(),
  videoCodec: z.string().optional(),
  videoProfile: z.string().optional(),
  audioCodec: z.string().optional(),
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  /** Bits per second of the video track. */
  bitRate: z.number().nonnegative().optional(),
  frameRate: z.number().positive().optional(),
  durationSeconds: z.number().nonnegative().optional(),
  time: z.object({ landed: z.iso.datetime() }),
});
export type Info = z.infer<typeof Info>;
