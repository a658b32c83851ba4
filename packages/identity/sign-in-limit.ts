/** How many sign-ins one network may begin: each leaves a row on the disk for an hour. */

const WINDOW_MS = 15 * 60_000;
/** So that a large office gets in of a morning. */
const MAX_VISITS = 600;
const MAX_KEPT = 100_000;

/** Counts in windows of a quarter of an hour. */
export function createVisits(now: () => number = Date.now) {
  let begun = now();
  let counts = new Map<string, number>();

  /** 0, or the seconds to wait. */
  return function visit(network: string): number {
    if (now() - begun >= WINDOW_MS || counts.size >= MAX_KEPT) {
      begun = now();
      counts = new Map();
    }
    const count = (counts.get(network) ?? 0) + 1;
    counts.set(network, count);
    return count > MAX_VISITS ? Math.ceil((begun + WINDOW_MS - now()) / 1000) : 0;
  };
}
