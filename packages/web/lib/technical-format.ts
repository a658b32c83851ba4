/** Formats that only the video page and the admin pages use, so that the list does not load them. */
import { formatNumber } from "@rushes/core/format";

/** Time of day with seconds, in the reader's time zone: `07:05:09`. */
export function formatClock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}

/** Bits per second, in the presets' format: `5,400 kb/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return `${formatNumber(bitsPerSecond / 1000)} kb/s`;
}

/** Frames per second: `29.97 fps`. */
export function formatFrameRate(framesPerSecond: number): string {
  return `${Math.round(framesPerSecond * 100) / 100} fps`;
}

/** Pixels: `1920×1080`. */
export function formatSize(width: number | undefined, height: number | undefined): string {
  return width === undefined || height === undefined ? "–" : `${width}×${height}`;
}
