/** The words of the interface are English, so its numbers and dates are too. */
export const LOCALE = "en";

const DECIMAL = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const AGE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" });
const MOMENT = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });

/** Bytes in decimal units, as disks and networks count: `1.5 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  // From 999.5 on, the rounded figure would read 1,000 of the smaller unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const number = unit === 0 || value >= 100 ? WHOLE.format(value) : DECIMAL.format(value);
  return `${number} ${unit === 0 && bytes === 1 ? "byte" : units[unit]}`;
}

/** A length as a player shows it: `0:07`, `12:05`, `1:02:03`. */
export function formatTimecode(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? part : String(part).padStart(2, "0"))).join(":");
}

/** A span in words, for people and screen readers: `0.4 s`, `42 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${DECIMAL.format(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined([Math.floor(whole / 60), "min"], [whole % 60, "s"]);
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return joined([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
  const hours = Math.round(minutes / 60);
  return joined([Math.floor(hours / 24), "d"], [hours % 24, "h"]);
}

function joined(...parts: [number, string][]): string {
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ");
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 24 * 3600],
  ["month", 30 * 24 * 3600],
  ["week", 7 * 24 * 3600],
  ["day", 24 * 3600],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago an ISO time was: `3 min. ago`, `yesterday`. Under a minute, and for a clock that runs behind, `just now`. */
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
