/**
 * Formats amounts for people, alike in pages, mails and errors. Safe in the browser. The interface is in English, and so
 * are its numbers. They are written without `Intl`: a browser takes 25 ms to load the data of its first formatter, in the
 * task that renders the list of videos.
 */

/** A whole number with commas: `2,000`. For values from 0 on, as everything here. */
export function formatNumber(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** At most one decimal: `1.5`, `2`. */
const formatDecimal = (value: number) => String(Math.round(value * 10) / 10);

/** Bytes in decimal units, as disks and networks count: `1.5 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  // From 999.5 on, the rounded value would read 1,000 of the smaller unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const number = unit === 0 || value >= 100 ? formatNumber(value) : formatDecimal(value);
  return `${number} ${unit === 0 && bytes === 1 ? "byte" : units[unit]}`;
}

/** A duration with its two largest units: `0.4 s`, `42 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${formatDecimal(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return formatLength(whole);
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return joined([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
  const hours = Math.round(minutes / 60);
  return joined([Math.floor(hours / 24), "d"], [hours % 24, "h"]);
}

/**
 * A duration to the second, rounded up: `4 h 1 s`. For sentences that compare it with a limit: a rounded value could
 * seem to be within it.
 */
export function formatLength(seconds: number): string {
  const whole = Math.ceil(Math.max(0, seconds));
  if (whole === 0) return "0 s";
  return joined(
    [Math.floor(whole / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  );
}

/** A time as commands print it: to the minute, in UTC, and without spaces, so that it is one column: `2026-11-30T07:05Z`. */
export const formatUtc = (iso: string) => `${iso.slice(0, 16)}Z`;

/** How long to wait, in words for the middle of a sentence: `a second`, `10 seconds`, `15 minutes`. */
export function formatWait(seconds: number): string {
  if (seconds <= 90) return seconds === 1 ? "a second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function joined(...parts: [number, string][]): string {
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ");
}
