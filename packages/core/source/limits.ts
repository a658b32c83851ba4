import type { Failure } from "../job/failure.ts";
import { PRESETS } from "../rendition/preset.ts";
import type { Media } from "./schema.ts";

/**
 * What a source may ask of an encoder, so that a small file cannot keep it busy for hours. The defaults
 * let a 2160p60 film of the default length (12 hours) pass, with six renditions of the full rate.
 */
export const SOURCE_LIMITS = {
  /** 8K, as cinemas and cameras have it: 8192×4320. */
  maxFramePixels: 35_389_440,
  /** Frames of all renditions together: 12 h × 60 frames per second × 6 is 15.6 million. */
  maxJobFrames: 20_000_000,
  /**
   * A still picture without audio has some 20 bytes per second in MP4 at 1 frame per second; the file
   * that two frames make eleven hours long has 0.04.
   */
  minBytesPerSecond: 10,
};
export type SourceLimits = typeof SOURCE_LIMITS;

/** Shorter videos cost little whatever they hold. */
const SPARSE_FROM_SECONDS = 3600;

/** Which limit a source exceeds, by what the probe found; undefined when none. */
export function exceeded(
  media: Pick<Media, "width" | "height" | "durationSeconds">,
  sizeBytes: number,
  limits: SourceLimits,
): Failure | undefined {
  const { width, height, durationSeconds } = media;
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

/** Of all renditions that a job makes. */
const FRAMES_PER_SECOND = PRESETS.reduce(
  (sum, { video }) => sum + video.frameRate.numerator / video.frameRate.denominator,
  0,
);
