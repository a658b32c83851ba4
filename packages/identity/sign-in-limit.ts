/** Limits how many sign-ins one network may begin, because each leaves a row on the disk for an hour. */

const WINDOW_MS = 15 * 60_000;
/** Enough for everyone in a large office to sign in at the same time in the morning. */
const MAX_SIGN_INS = 600;
const MAX_NETWORKS = 100_000;

/** Counts in windows of 15 minutes. */
export function createSignInLimit(now: () => number = Date.now) {
  let windowStart = now();
  let counts = new Map<string, number>();

  /** Counts a sign-in. Returns 0, or the seconds to wait. */
  return function take(network: string): number {
    if (now() - windowStart >= WINDOW_MS || counts.size >= MAX_NETWORKS) {
      windowStart = now();
      counts = new Map();
    }
    const count = (counts.get(network) ?? 0) + 1;
    counts.set(network, count);
    return count > MAX_SIGN_INS ? Math.ceil((windowStart + WINDOW_MS - now()) / 1000) : 0;
  };
}
