import type { Info } from "./schema.ts";

/** An attempt with its stored renditions. */
type Attempt = Pick<Info, "attempt" | "landed" | "posterKey">;
type Job = Attempt & Pick<Info, "earlier">;

/**
 * The attempt whose renditions play, are shared and downloaded: an earlier one until the current one is
 * complete, and permanently if the current one is canceled or fails. Safe in the browser.
 */
export function playing({ attempt, landed, posterKey, earlier }: Job): Attempt {
  return earlier ?? { attempt, landed, posterKey };
}

/** The attempt that keeps playing during the next one. Undefined if no rendition is stored. */
export function kept(job: Job): Attempt | undefined {
  const plays = playing(job);
  return plays.landed.length > 0 ? plays : undefined;
}
