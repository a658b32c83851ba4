/** When the addresses that a player has must be exchanged. */

/** Fresh ones are asked for this long before the old ones end, so that no link is ever stale. */
const AHEAD_MS = 60_000;
/** Never more often: neither for an answer out of a cache nor for one that is about to end. */
export const MIN_MS = 10_000;

/** Milliseconds until the addresses should be exchanged. */
export function refreshInMs(expires: string | undefined, nowMs: number): number {
  if (expires === undefined) return MIN_MS;
  return Math.max(MIN_MS, Date.parse(expires) - AHEAD_MS - nowMs);
}

/** With its end by this clock, which may be minutes from the server's: longer than addresses live. */
export function byOwnClock<P extends { expires: string; expiresInSeconds: number }>(
  playback: P,
  askedAtMs: number,
): P {
  const ends = askedAtMs + playback.expiresInSeconds * 1000;
  return { ...playback, expires: new Date(ends).toISOString() };
}
