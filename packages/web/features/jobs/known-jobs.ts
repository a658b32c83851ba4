import type { Change, Listed } from "@rushes/core/job/schema";
import { createListeners } from "../../lib/listeners.ts";

/** The latest data of each job on this page, for components that show one job outside of a list. */
const known = new Map<string, Listed | "deleted">();
const { subscribe, notify } = createListeners();

export const subscribeKnown = subscribe;

/** Jobs whose deletion can still be undone. Lists do not show them. */
export const hiddenJobs = new Set<string>();

export function recordChanges(changes: readonly Change[]): void {
  let changed = false;
  for (const change of changes) {
    if (change.type === "deleted") {
      changed ||= known.get(change.id) !== "deleted";
      known.set(change.id, "deleted");
      continue;
    }
    const before = known.get(change.job.id);
    // Polls overlap, and a list may be older than changes that arrived in the meantime.
    if (before === "deleted" || (before && before.time.updated >= change.job.time.updated))
      continue;
    known.set(change.job.id, change.job);
    changed = true;
  }
  if (changed) notify();
}

export function knownJob(id: string): Listed | "deleted" | undefined {
  return known.get(id);
}
