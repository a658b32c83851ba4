/**
 * Times as the pages show them. Bytes and spans are in core/format, which mails and errors use, too, and which says why
 * there is no `Intl`.
 */

/** A duration as players show it: `0:07`, `12:05`, `1:02:03`. */
export function formatTimecode(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? part : String(part).padStart(2, "0"))).join(":");
}

/** Each with its name, what one of it was called, and its length in seconds. */
const STEPS: readonly [string, string, number][] = [
  ["yr.", "last yr.", 365 * 24 * 3600],
  ["mo.", "last mo.", 30 * 24 * 3600],
  ["wk.", "last wk.", 7 * 24 * 3600],
  ["days", "yesterday", 24 * 3600],
  ["hr.", "1 hr. ago", 3600],
  ["min.", "1 min. ago", 60],
];

/** How long ago an ISO time was: `3 min. ago`, `yesterday`. `just now` under a minute, and if this clock is slow. */
export function formatAge(time: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(time)) / 1000;
  for (const [unit, one, size] of STEPS) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return count === 1 ? one : `${count} ${unit} ago`;
  }
  return "just now";
}

const MONTHS = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec".split(",");

/** Date and time of day, in the reader's time zone: `Nov 30, 2026, 7:05 AM`. */
export function formatMoment(time: string): string {
  const at = new Date(time);
  const hour = at.getHours();
  const clock = `${hour % 12 || 12}:${String(at.getMinutes()).padStart(2, "0")}`;
  const half = hour < 12 ? "AM" : "PM";
  return `${MONTHS[at.getMonth()]} ${at.getDate()}, ${at.getFullYear()}, ${clock} ${half}`;
}
