/** Why a source is rejected: the reasons, the rules that decide, and the sentence for its owner. */
import * as z from "zod";
import { formatBytes, formatLength, formatNumber } from "../format.ts";
import { PRESETS } from "../rendition/preset.ts";
import type { SourceLimits } from "../source-limits.ts";
import type { Family } from "./magic.ts";
import type { Media, Probed } from "./schema.ts";

export const REASONS = [
  /** The object has no bytes. */
  z.object({ type: z.literal("source.empty") }),
  /** The first bytes are no container that Rushes accepts, or the probe found none. */
  z.object({ type: z.literal("source.not_media") }),
  /** A container without a video track and without sound. */
  z.object({ type: z.literal("source.no_video") }),
  /** No audio track, where the profile uses only the sound. */
  z.object({ type: z.literal("source.no_audio") }),
  /** Sound only, in a job of an earlier version. */
  z.object({ type: z.literal("source.audio_only") }),
  /** A still or animated picture, by its brand or signature. */
  z.object({ type: z.literal("source.picture"), animated: z.boolean() }),
  /** The container states more bytes than the object has. */
  z.object({ type: z.literal("source.truncated") }),
  z.object({
    type: z.literal("source.too_long"),
    durationSeconds: z.number(),
    limitSeconds: z.number(),
  }),
  z.object({ type: z.literal("source.too_large"), sizeBytes: z.number(), limitBytes: z.number() }),
  /** The object was deleted or replaced before Rushes read it. */
  z.object({ type: z.literal("source.missing") }),
  /** S3 has the object in an archived storage class. */
  z.object({ type: z.literal("source.archived") }),
  /** Another tool replaced the object while the job was running. */
  z.object({ type: z.literal("source.replaced") }),
  z.object({ type: z.literal("source.encrypted") }),
  /** A container or a stream whose data is corrupt. */
  z.object({ type: z.literal("source.damaged") }),
  z.object({ type: z.literal("source.unsupported_video") }),
  z.object({ type: z.literal("source.unsupported_audio") }),
  z.object({
    type: z.literal("source.too_many_pixels"),
    /** Absent if it was a frame in the middle of the file. */
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
] as const;
export const Rejection = z.discriminatedUnion("type", REASONS);
export type Rejection = z.infer<typeof Rejection>;

/** Sparse files that are shorter cost little, whatever they contain. */
const SPARSE_FROM_SECONDS = 3600;
/** For all renditions of a job together. */
const FRAMES_PER_SECOND = PRESETS.reduce(
  (sum, { video }) => sum + video.frameRate.numerator / video.frameRate.denominator,
  0,
);

/** The rules that need only the object's size. */
export function rejectSize(sizeBytes: number, limitBytes: number): Rejection | undefined {
  if (sizeBytes === 0) return { type: "source.empty" };
  if (sizeBytes > limitBytes) return { type: "source.too_large", sizeBytes, limitBytes };
  return undefined;
}

/** The rules about the kind of file, which its first bytes show. */
export function rejectFamily(family: Family | undefined): Rejection | undefined {
  if (!family) return { type: "source.not_media" };
  if (family === "picture") return { type: "source.picture", animated: false };
  if (family === "animated-picture") return { type: "source.picture", animated: true };
  return undefined;
}

/** The rules about what the file contains. Returns its video if none rejects it. */
export function checkContent(
  file: { sizeBytes: number; isWhole: boolean; isEncrypted: boolean; probed: Probed | undefined },
  limits: SourceLimits & { maxDurationSeconds: number },
): { media: Media; rejection?: undefined } | { rejection: Rejection } {
  const { sizeBytes, probed } = file;
  // These come first: for a truncated file, a probe reports only that it cannot read it, and in an encrypted file it
  // finds a video that nobody can decode.
  if (!file.isWhole) return { rejection: { type: "source.truncated" } };
  if (file.isEncrypted) return { rejection: { type: "source.encrypted" } };
  if (!probed) return { rejection: { type: "source.not_media" } };
  const { media, durationSeconds } = probed;
  if (!media) return { rejection: { type: "source.no_video" } };
  const limitSeconds = limits.maxDurationSeconds;
  if (durationSeconds > limitSeconds) {
    return { rejection: { type: "source.too_long", durationSeconds, limitSeconds } };
  }
  const rejection = rejectCost(media, sizeBytes, limits);
  return rejection ? { rejection } : { media };
}

/** The rules that prevent a small file from using the encoder for hours. */
export function rejectCost(
  media: Pick<Media, "width" | "height" | "durationSeconds">,
  sizeBytes: number,
  limits: SourceLimits,
): Rejection | undefined {
  const { width = 0, height = 0, durationSeconds } = media;
  if (width * height > limits.maxFramePixels) {
    const limitPixels = limits.maxFramePixels;
    return { type: "source.too_many_pixels", width, height, limitPixels };
  }
  const frames = Math.ceil(durationSeconds * FRAMES_PER_SECOND);
  if (frames > limits.maxJobFrames) {
    return { type: "source.too_many_frames", frames, limitFrames: limits.maxJobFrames };
  }
  const isSparse = sizeBytes < durationSeconds * limits.minBytesPerSecond;
  if (isSparse && durationSeconds > SPARSE_FROM_SECONDS) {
    const limitBytesPerSecond = limits.minBytesPerSecond;
    return { type: "source.too_sparse", durationSeconds, sizeBytes, limitBytesPerSecond };
  }
  return undefined;
}

/** What the owner reads: what happened, and what to do. Safe in the browser. */
export function rejectionSentence(rejection: Rejection): string {
  switch (rejection.type) {
    case "source.empty":
      return "The file is empty (0 bytes). Upload it again.";
    case "source.not_media":
      return "This is not a video file, or its format is not supported.";
    case "source.no_video":
      return "The file has no video track.";
    case "source.audio_only":
      return "The file contains only audio. Retry it to get streaming audio and an M4A file.";
    case "source.no_audio":
      return "The file has no audio track, and the profile uses only the sound. Retry with another profile.";
    case "source.picture":
      return rejection.animated
        ? "This is an animated image, not a video. Convert it to MP4 and upload that."
        : "This is an image, not a video.";
    case "source.truncated":
      return "The file is incomplete: its end is missing. Upload the whole file again.";
    case "source.too_long":
      return `The video is ${formatLength(rejection.durationSeconds)} long. The limit is ${formatLength(rejection.limitSeconds)}.`;
    case "source.too_large":
      return `The file is ${formatBytes(rejection.sizeBytes)}. The limit is ${formatBytes(rejection.limitBytes)}.`;
    case "source.missing":
      return "The file was deleted or replaced before it was fully read. Upload it again.";
    case "source.archived":
      return "The file is in an archived storage class, so it cannot be read. Restore the object in S3, then retry.";
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
      return pixels(rejection);
    case "source.too_many_frames":
      return `The video has ${formatNumber(rejection.frames)} frames to encode. The limit is ${formatNumber(rejection.limitFrames)}.`;
    case "source.too_sparse":
      return `The file states a length of ${formatLength(rejection.durationSeconds)} but is only ${formatBytes(rejection.sizeBytes)}. A video of this length needs at least ${formatNumber(rejection.limitBytesPerSecond)} bytes per second.`;
    default:
      return rejection satisfies never;
  }
}

function pixels(failure: { width?: number; height?: number; limitPixels: number }): string {
  const { width, height, limitPixels } = failure;
  const limit = `The limit is ${formatNumber(limitPixels)} pixels per frame.`;
  if (width === undefined || height === undefined)
    return `The video has frames that are too large. ${limit}`;
  return `The video has frames of ${width}×${height}. ${limit}`;
}
