import type { Info } from "./schema.ts";
import { isFailed } from "./status.ts";

/** An attempt with its stored renditions. */
type Attempt = Pick<Info, "attempt" | "landed" | "posterKey">;
type Job = Attempt & Pick<Info, "earlier" | "status">;

/**
 * The attempt whose renditions play, are shared and downloaded: an earlier one until the current one is
 * complete, and permanently if the current one is canceled or fails. A job whose only attempt was canceled or failed
 * plays nothing. Safe in the browser.
 */
export function playing({ attempt, status, landed, posterKey, earlier }: Job): Attempt {
  if (earlier) return earlier;
  // What a failed attempt has stored is incomplete.
  return isFailed(status) ? { attempt, landed: [] } : { attempt, landed, posterKey };
}

/** True if nothing of what plays is still being made. An earlier attempt is complete. Safe in the browser. */
export function playsComplete({ status, earlier }: Pick<Job, "status" | "earlier">): boolean {
  return earlier !== undefined || status === "complete";
}

/** The key of the poster: the chosen picture, or that of the attempt that plays. Safe in the browser. */
export function posterKeyOf(job: Job & Pick<Info, "chosenPoster">): string | undefined {
  return job.chosenPoster?.key ?? playing(job).posterKey;
}

/** The attempt that keeps playing during the next one. Undefined if no rendition is stored. */
export function kept(job: Job): Attempt | undefined {
  const plays = playing(job);
  return plays.landed.length > 0 ? plays : undefined;
}
