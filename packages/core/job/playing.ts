/** An attempt with what has landed of it. */
export interface Attempt {
  attempt: number;
  landed: string[];
  posterKey?: string | undefined;
}
type Job = Attempt & { earlier?: Attempt | undefined };

/**
 * The attempt whose renditions are played, shared and downloaded: an earlier one until the current one
 * is complete, and for good if that is canceled or fails. Safe in the browser.
 */
export function playing({ attempt, landed, posterKey, earlier }: Job): Attempt {
  return earlier ?? { attempt, landed, posterKey };
}

/** What the next attempt of a job leaves in place; undefined when nothing has landed yet. */
export function kept(job: Job): Attempt | undefined {
  const plays = playing(job);
  return plays.landed.length > 0 ? plays : undefined;
}
