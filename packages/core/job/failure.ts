import * as z from "zod";
import { failureOf } from "../encoder/failure.ts";
import { formatBytes, formatLength, formatNumber } from "../format.ts";

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
  /** A still or moving picture by its brand or signature. */
  z.object({ type: z.literal("source.picture"), animated: z.boolean() }),
  /** The container promises more bytes than the object has. */
  z.object({ type: z.literal("source.truncated") }),
  z.object({
    type: z.literal("source.too_long"),
    durationSeconds: z.number(),
    limitSeconds: z.number(),
  }),
  z.object({ type: z.literal("source.too_large"), sizeBytes: z.number(), limitBytes: z.number() }),
  /** The object was gone, or replaced, when it was read. */
  z.object({ type: z.literal("source.missing") }),
  /** Another tool replaced the object while the job was running. */
  z.object({ type: z.literal("source.replaced") }),
  z.object({ type: z.literal("source.encrypted") }),
  /** A container or a stream whose data is corrupt. */
  z.object({ type: z.literal("source.damaged") }),
  z.object({ type: z.literal("source.unsupported_video") }),
  z.object({ type: z.literal("source.unsupported_audio") }),
  z.object({
    type: z.literal("source.too_many_pixels"),
    /** Absent where it was a frame in the middle of the file. */
    width: z.number().int().optional(),
    height: z.number().int().optional(),
    limitPixels: z.number().int(),
  }),
  z.object({
    type: z.literal("source.too_many_frames"),
    frames: z.number().int(),
    limitFrames: z.number().int(),
  }),
  /** Hardly any data for the length that the container states. */
  z.object({
    type: z.literal("source.too_sparse"),
    durationSeconds: z.number(),
    sizeBytes: z.number().int(),
    limitBytesPerSecond: z.number(),
  }),
  /** The encoder refused the job's settings before it ran: a defect of ours, or of a configuration. */
  z.object({ type: z.literal("encoder.refused"), errorId: z.string().optional() }),
  /** The encoder ended with an error code that is neither the file's fault nor a passing one. */
  z.object({
    type: z.literal("encoder.failed"),
    code: z.number().int(),
    errorId: z.string().optional(),
  }),
  /** The encoder no longer knows the job. */
  z.object({ type: z.literal("encoder.lost") }),
  /** The encoder was killed, or crashed, or AWS does not say why it stopped. */
  z.object({ type: z.literal("encoder.stopped"), errorId: z.string().optional() }),
  /** The encoder could not read from or write to S3. */
  z.object({ type: z.literal("encoder.storage"), errorId: z.string().optional() }),
  /** The machine had no memory left. */
  z.object({ type: z.literal("encoder.out_of_memory"), errorId: z.string().optional() }),
  z.object({ type: z.literal("encoder.time_limit"), limitSeconds: z.number().int() }),
  z.object({ type: z.literal("encoder.memory_limit"), limitBytes: z.number().int() }),
  z.object({ type: z.literal("encoder.output_limit"), limitBytes: z.number().int() }),
  /** Checking the source or handing it to the encoder failed each time, for about an hour and a half. */
  z.object({ type: z.literal("encoder.unavailable") }),
]);
export type Failure = z.infer<typeof Failure>;

/** A failure as a row holds it. Rows of earlier versions hold the encoder's raw text: it is dropped. */
export const StoredFailure = z.preprocess((stored) => {
  const old = EncoderText.safeParse(stored);
  if (!old.success) return stored;
  return failureOf({ code: old.data.code, message: "", errorId: "" });
}, Failure);

const EncoderText = z.object({
  type: z.literal("encoder.failed"),
  code: z.number().int(),
  message: z.string(),
});

/** True for a fault of the machine that may pass by itself: such an attempt is repeated once. */
export function isPassing(failure: Failure): boolean {
  switch (failure.type) {
    case "encoder.lost":
    case "encoder.stopped":
    case "encoder.storage":
    case "encoder.out_of_memory":
      return true;
    default:
      return false;
  }
}

/** What a person reads about a failure: what happened, and what to do. Safe in the browser. */
export function failureSentence(failure: Failure): string {
  switch (failure.type) {
    case "source.empty":
      return "The file is empty (0 bytes). Upload it again.";
    case "source.not_media":
      return "This is not a video file, or its format is not supported.";
    case "source.no_video":
      return "The file has no video track.";
    case "source.audio_only":
      return "The file contains only audio. Audio files are not supported yet.";
    case "source.picture":
      return failure.animated
        ? "This is an animated image, not a video. Convert it to MP4 and upload that."
        : "This is an image, not a video.";
    case "source.truncated":
      return "The file is incomplete: its end is missing. Upload the whole file again.";
    case "source.too_long":
      return `The video is ${formatLength(failure.durationSeconds)} long. The limit is ${formatLength(failure.limitSeconds)}.`;
    case "source.too_large":
      return `The file is ${formatBytes(failure.sizeBytes)}. The limit is ${formatBytes(failure.limitBytes)}.`;
    case "source.missing":
      return "The file was deleted or replaced before it was fully read. Upload it again.";
    case "source.replaced":
      return "The source was replaced in the bucket before it was encoded. The new file has its own video.";
    case "source.encrypted":
      return "The file is encrypted. Upload it without encryption (DRM).";
    case "source.damaged":
      return "The file is damaged: its video data cannot be read.";
    case "source.unsupported_video":
      return "The encoder cannot decode the file's video format.";
    case "source.unsupported_audio":
      return "The encoder cannot decode the file's audio format.";
    case "source.too_many_pixels":
      return pixels(failure);
    case "source.too_many_frames":
      return `The video has ${formatNumber(failure.frames)} frames to encode. The limit is ${formatNumber(failure.limitFrames)}.`;
    case "source.too_sparse":
      return `The file states a length of ${formatLength(failure.durationSeconds)} but is only ${formatBytes(failure.sizeBytes)}. A video of this length needs at least ${formatNumber(failure.limitBytesPerSecond)} bytes per second.`;
    case "encoder.refused":
      return `The encoder rejected the job's settings. The file is not the cause.${idText(failure.errorId)}`;
    case "encoder.failed":
      return `The encoder failed with error ${failure.code}. The file is not the cause.${idText(failure.errorId)}`;
    case "encoder.lost":
      return "The encoder no longer knows this job. Try again.";
    case "encoder.stopped":
      return `The encoder stopped before it finished. Try again.${idText(failure.errorId)}`;
    case "encoder.storage":
      return `The encoder could not reach the storage. Try again later.${idText(failure.errorId)}`;
    case "encoder.out_of_memory":
      return `The encoder ran out of memory. Try again later.${idText(failure.errorId)}`;
    case "encoder.time_limit":
      return `Encoding took longer than the limit of ${formatLength(failure.limitSeconds)} for this video.`;
    case "encoder.memory_limit":
      return `Encoding needs more memory than the limit of ${formatBytes(failure.limitBytes)}.`;
    case "encoder.output_limit":
      return `The renditions are larger than the limit of ${formatBytes(failure.limitBytes)}.`;
    case "encoder.unavailable":
      return "The encoder could not be reached, or could not read the file, after many attempts. The file is kept, so you can retry later.";
    default:
      return failure satisfies never;
  }
}

function pixels(failure: { width?: number; height?: number; limitPixels: number }): string {
  const { width, height, limitPixels } = failure;
  const limit = `The limit is ${formatNumber(limitPixels)} pixels per frame.`;
  if (width === undefined || height === undefined)
    return `The video has frames that are too large. ${limit}`;
  return `The video has frames of ${width}×${height}. ${limit}`;
}

function idText(errorId: string | undefined): string {
  return errorId ? ` (Error ID ${errorId}.)` : "";
}
