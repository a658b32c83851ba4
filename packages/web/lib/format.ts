/** Times as the pages show them. Bytes and spans are in core/format, which mails and errors use, too. */
import { LOCALE } from "@rushes/core/format";

const AGE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" });
const MOMENT = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });

/** A duration as players show it: `0:07`, `12:05`, `1:02:03`. */
export function formatTimecode(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? part : String(part).padStart(2, "0"))).join(":");
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 24 * 3600],
  ["month", 30 * 24 * 3600],
  ["week", 7 * 24 * 3600],
  ["day", 24 * 3600],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago an ISO time was: `3 min. ago`, `yesterday`. `just now` under a minute, and if this clock is slow. */
export function formatAge(time: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(time)) / 1000;
  for (const [unit, size] of STEPS) {
    if (seconds >= size) return AGE.format(-Math.floor(seconds / size), unit);
  }
  return "just now";
}

/** Date and time of day, in the reader's time zone. */
export function formatMoment(time: string): string {
  return MOMENT.format(Date.parse(time));
}
