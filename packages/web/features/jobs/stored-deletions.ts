import { DELETIONS, recalled } from "../../lib/recalled.ts";
import type { Deletion } from "./deletions.ts";

const isJob = (one: unknown): one is Deletion["jobs"][number] => {
  const { id, title } = Object(one) as Record<"id" | "title", unknown>;
  return typeof id === "string" && typeof title === "string";
};

const isDeletion = (one: unknown): one is Deletion => {
  const { key, jobs, dueMs } = Object(one) as Record<keyof Deletion, unknown>;
  const known = typeof key === "string" && typeof dueMs === "number";
  return known && Array.isArray(jobs) && jobs.every(isJob);
};

/** The deletions that this browser's pages have not completed. Anything invalid is left out. */
export function readDeletions(): Deletion[] {
  try {
    const stored: unknown = JSON.parse(recalled(DELETIONS) || "[]");
    return Array.isArray(stored) ? stored.filter(isDeletion) : [];
  } catch {
    // The text is damaged.
    return [];
  }
}

/** Without the browser's storage, deletions last as long as the page. */
export function writeDeletions(deletions: readonly Deletion[]): void {
  try {
    localStorage.setItem(DELETIONS, deletions.length === 0 ? "" : JSON.stringify(deletions));
  } catch {
    // The storage is forbidden or full.
  }
}
