/** When a session continues, and with which cookie. Pure, so that a test can set any time. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A session ends after two weeks, even if it is in use. */
export const ABSOLUTE_MS = 14 * 24 * HOUR_MS;
/** It also ends after two days without use. */
export const IDLE_MS = 48 * HOUR_MS;
/** A cookie is replaced this often, so that a copied one is detected or expires. */
export const ROTATE_MS = 15 * MINUTE_MS;
/** For requests that the browser sent together with the first one that had the new cookie. */
export const GRACE_MS = MINUTE_MS;
/** Precision of the last use. It saves a write for most requests. */
export const TOUCH_MS = 5 * MINUTE_MS;

/** Times are milliseconds since 1970. */
export interface Rotation {
  created: number;
  seen: number;
  /** The number of the newest cookie of this session. Each number is used once. */
  generation: number;
  /** The number of the cookie that the newest one replaced. 0 for the first. */
  previous: number;
  /** When the newest cookie was created. */
  rotated: number;
  /** When the newest cookie was first used. Until then the previous one is valid, because responses can get lost. */
  confirmed?: number | undefined;
}

export type Step =
  | { type: "ended" }
  /** Two browsers have cookies of this session. */
  | { type: "stolen" }
  | { type: "keep" }
  /** Record that the session was used. */
  | { type: "touch" }
  /** Record that the newest cookie was used. */
  | { type: "confirm" }
  /** Create another cookie to replace the current one. */
  | { type: "rotate" };

/** When a session that was last used at `seen` ends. */
export function endOf({ created, seen }: Pick<Rotation, "created" | "seen">): number {
  return Math.min(created + ABSOLUTE_MS, seen + IDLE_MS);
}

/** What to do for a request whose cookie is number `carried` of its session. */
export function stepFor(rotation: Rotation, carried: number, now: number): Step {
  const { generation, previous, rotated, confirmed, seen } = rotation;
  if (now >= endOf(rotation) || carried > generation) return { type: "ended" };
  if (carried === generation) {
    if (now - rotated >= ROTATE_MS) return { type: "rotate" };
    if (confirmed === undefined) return { type: "confirm" };
    return { type: now - seen >= TOUCH_MS ? "touch" : "keep" };
  }
  // Also a cookie that was abandoned below: its browser received a response that another one missed.
  if (carried !== previous) return { type: "stolen" };
  if (now - (confirmed ?? rotated) <= GRACE_MS) return { type: "keep" };
  // The newest cookie was never used, so its response was lost. Abandon it and create another one.
  return { type: confirmed === undefined ? "rotate" : "stolen" };
}
