import type { Change, Listed } from "@rushes/core/job/schema";

/** What this page last learned of each job, for what shows one job outside of a list. */
const known = new Map<string, Listed | "deleted">();
const listeners = new Set<() => void>();

export function noteChanges(changes: readonly Change[]): void {
  let changed = false;
  for (const change of changes) {
    if (change.type === "deleted") {
      changed ||= known.get(change.id) !== "deleted";
      known.set(change.id, "deleted");
      continue;
    }
    const before = known.get(change.job.id);
    // Polls overlap, and a list may be older than the changes that came meanwhile.
    if (before === "deleted" || (before && before.time.updated >= change.job.time.updated))
      continue;
    known.set(change.job.id, change.job);
    changed = true;
  }
  if (changed) for (const listener of listeners) listener();
}

export function knownJob(id: string): Listed | "deleted" | undefined {
  return known.get(id);
}

/** Calls `listener` after every change; gives back the way to stop that. */
export function subscribeKnown(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
