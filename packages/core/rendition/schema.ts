import * as z from "zod";

export const KINDS = ["hls", "mp4", "audio", "poster"] as const;
export const LABELS = ["hls", "1080p", "720p", "web-720p", "audio", "poster"] as const;
export type Label = (typeof LABELS)[number];

/** One picture size of an adaptive stream, as its multivariant playlist describes it. */
export const Rung = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  frameRate: z.number().positive().optional(),
  /** The most bits per second that a player needs, with the sound. An upper bound until the encode ends. */
  bitRate: z.number().nonnegative(),
  /** Bits per second, with the sound. Known when the encode has ended. */
  averageBitRate: z.number().nonnegative().optional(),
});
export type Rung = z.infer<typeof Rung>;

/** A captions track inside an adaptive stream. */
export const Captions = z.object({
  /** RFC 5646, such as `en`. */
  language: z.string().optional(),
  name: z.string(),
});

/** One output of a job: a file, or an adaptive stream with all its files. */
export const Info = z.object({
  label: z.enum(LABELS),
  kind: z.enum(KINDS),
  attempt: z.number().int().min(1),
  /** Of an adaptive stream, the multivariant playlist. */
  key: z.string(),
  /** Of an adaptive stream, all its files together. */
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
  /** Of an adaptive stream, largest first. Empty if it has only sound. */
  rungs: z.array(Rung).optional(),
  /** Whether an adaptive stream has small pictures for the seek bar. */
  hasStoryboard: z.boolean().optional(),
  captions: z.array(Captions).optional(),
  time: z.object({ landed: z.iso.datetime() }),
});
export type Info = z.infer<typeof Info>;

/** Whether a rendition is one file that plays by itself. */
export const isFile = <R extends Pick<Info, "kind">>(
  rendition: R,
): rendition is R & { kind: "mp4" | "audio" } =>
  rendition.kind === "mp4" || rendition.kind === "audio";
