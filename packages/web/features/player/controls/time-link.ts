/** Links to a time in a video: `?t=1m30s`. */

/** The seconds of `90`, `90s`, `1m30s` or `1h2m3s`. Undefined for anything else. */
export function parseTime(text: string | null): number | undefined {
  const match = /^(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,7}(?:\.\d{1,3})?)s?)?$/.exec(text ?? "");
  if (!match?.[0]) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The whole seconds as `1h2m3s`, without parts that are zero at the beginning. */
export function formatTime(atSeconds: number): string {
  const whole = Math.max(0, Math.floor(atSeconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = `${whole % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** The URL of this page at a time of its video. */
export function linkAt(page: string, atSeconds: number): string {
  const url = new URL(page);
  url.searchParams.set("t", formatTime(atSeconds));
  url.hash = "";
  return url.href;
}
