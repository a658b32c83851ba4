/** When a player must replace its signed URLs. */

/** Fresh URLs are requested this long before the old ones expire, so that no link is stale. */
const REFRESH_AHEAD_MS = 60_000;
/** The shortest time between two requests, also for a cached response and for one that is about to expire. */
export const MIN_MS = 10_000;

/** Milliseconds until fresh URLs should be requested. */
export function refreshInMs(expires: string | undefined, nowMs: number): number {
  if (expires === undefined) return MIN_MS;
  return Math.max(MIN_MS, Date.parse(expires) - REFRESH_AHEAD_MS - nowMs);
}

/** Recomputes the expiries with this clock, which may be further from the server's than the URLs live. */
export function byLocalClock<P extends { expires: string; hls?: { expires: string } | undefined }>(
  playback: P,
  { requestedMs, lifeSeconds }: { requestedMs: number; lifeSeconds: number },
): P {
  const localMs = requestedMs + lifeSeconds * 1000;
  const aheadMs = localMs - Date.parse(playback.expires);
  const local = (expires: string) => new Date(Date.parse(expires) + aheadMs).toISOString();
  const { hls } = playback;
  return {
    ...playback,
    expires: local(playback.expires),
    ...(hls && { hls: { ...hls, expires: local(hls.expires) } }),
  };
}
