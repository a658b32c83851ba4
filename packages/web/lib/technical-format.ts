/** Formats that only the video page and the admin pages use, so that the list does not load them. */
import { formatNumber, LOCALE } from "@rushes/core/format";

const FINE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 3 });
const CLOCK = new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium", hourCycle: "h23" });

/** Time of day with seconds, in the reader's time zone. */
export function formatClock(time: string): string {
  return CLOCK.format(Date.parse(time));
}

/** Bits per second, in the presets' format: `5,400 kb/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return `${formatNumber(bitsPerSecond / 1000)} kb/s`;
}

/** Frames per second: `29.97 fps`. */
export function formatFrameRate(framesPerSecond: number): string {
  return `${FINE.format(Math.round(framesPerSecond * 100) / 100)} fps`;
}

/** Pixels: `1920×1080`. */
export function formatSize(width: number | undefined, height: number | undefined): string {
  return width === undefined || height === undefined ? "–" : `${width}×${height}`;
}
