import { z } from "zod";

/** Why a job was rejected or failed: a closed union, so that every reason has its sentence. */
export const Failure = z.discriminatedUnion("type", [
  /** The object has no bytes. */
  z.object({ type: z.literal("source.empty") }),
  /** The first bytes are no container that we accept, or the probe found none. */
  z.object({ type: z.literal("source.not_media") }),
  /** A container without a video track and without sound. */
  z.object({ type: z.literal("source.no_video") }),
  /** Sound only. */
  z.object({ type: z.literal("source.audio_only") }),
  /** The container promises more bytes than the object has. */
  z.object({ type: z.literal("source.truncated") }),
  z.object({
    type: z.literal("source.too_long"),
    durationSeconds: z.number(),
    limitSeconds: z.number(),
  }),
  z.object({ type: z.literal("source.too_large"), sizeBytes: z.number(), limitBytes: z.number() }),
  /** The object was gone, or replaced, when we looked. */
  z.object({ type: z.literal("source.missing") }),
  /** The encoder refused the job's settings before it ran. */
  z.object({ type: z.literal("encoder.refused"), message: z.string() }),
  /** The encoder ended with one of its own error codes. */
  z.object({ type: z.literal("encoder.failed"), code: z.number().int(), message: z.string() }),
  /** The encoder no longer knows the job. */
  z.object({ type: z.literal("encoder.lost") }),
]);
export type Failure = z.infer<typeof Failure>;
