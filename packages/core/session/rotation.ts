/** When a session goes on, and with which cookie. Pure, so that a test can let any time go by. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** However busy, a session ends after two weeks. */
export const ABSOLUTE_MS = 14 * 24 * HOUR_MS;
/** And when nobody used it for two days. */
export const IDLE_MS = 48 * HOUR_MS;
/** A cookie is replaced so often: one that was copied is found out, or ends. */
export const ROTATE_MS = 15 * MINUTE_MS;
/** Requests that left the browser together with the first one that carried the new cookie. */
export const GRACE_MS = MINUTE_MS;
/** How exactly it is known when a session was used last: saves a write for most requests. */
export const TOUCH_MS = 5 * MINUTE_MS;

/** Times are milliseconds since 1970. */
export interface Rotation {
  created: number;
  seen: number;
  /** The number of the newest cookie of this session. Each number is given out once. */
  generation: number;
  /** The number of the cookie that the newest one replaced; 0 for the first. */
  previous: number;
  /** When the newest cookie was made. */
  rotated: number;
  /** When the newest cookie first came back. Until then the one before is good: answers get lost. */
  confirmed?: number | undefined;
}

export type Step =
  | { type: "ended" }
  /** Two browsers have cookies of this session. */
  | { type: "stolen" }
  | { type: "keep" }
  /** Write it down that the session was used. */
  | { type: "touch" }
  /** Write it down that the newest cookie has come back. */
  | { type: "confirm" }
  /** Make another cookie in place of the one that came. */
  | { type: "rotate" };

/** When a session that was used last at `seen` ends. */
export function endOf({ created, seen }: Pick<Rotation, "created" | "seen">): number {
  return Math.min(created + ABSOLUTE_MS, seen + IDLE_MS);
}

/** What to do about a request whose cookie is the `carried`-th of its session. */
export function stepFor(rotation: Rotation, carried: number, now: number): Step {
  const { generation, previous, rotated, confirmed, seen } = rotation;
  if (now >= endOf(rotation) || carried > generation) return { type: "ended" };
  if (carried === generation) {
    if (now - rotated >= ROTATE_MS) return { type: "rotate" };
    if (confirmed === undefined) return { type: "confirm" };
    return { type: now - seen >= TOUCH_MS ? "touch" : "keep" };
  }
  // Also a cookie that was given up below: whoever has it got an answer that another one missed.
  if (carried !== previous) return { type: "stolen" };
  if (now - (confirmed ?? rotated) <= GRACE_MS) return { type: "keep" };
  // The newest cookie never came back, so its answer was lost: it is given up for another one.
  return { type: confirmed === undefined ? "rotate" : "stolen" };
}
