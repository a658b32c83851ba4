import type { Change, Listed } from "@rushes/core/job/schema";
import type { Filter } from "./list-filter.ts";

/** One page of jobs as the API gave it. `cursor` is missing on the last page. */
export type Page = { jobs: Listed[]; cursor?: string };

function fits(job: Listed, filter: Filter): boolean {
  if (filter.status !== undefined && job.status !== filter.status) return false;
  return filter.q === undefined || job.title.toLowerCase().startsWith(filter.q.toLowerCase());
}

/** The order of the API: by name while searching, else newest first. Ids sort by the time they were made. */
function compare(a: Listed, b: Listed, filter: Filter): number {
  if (filter.q !== undefined) {
    const [one, other] = [a.title.toLowerCase(), b.title.toLowerCase()];
    if (one !== other) return one < other ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  }
  return a.id > b.id ? -1 : 1;
}

/**
 * Keeps the address of a poster that has not changed: every few minutes another one is signed, and a new
 * address would load the same picture again. One that has ended is asked for anew where it is needed.
 */
function keepPoster(before: Listed | undefined, after: Listed): Listed {
  if (!before?.posterUrl || before.posterKey !== after.posterKey) return after;
  return { ...after, posterUrl: before.posterUrl };
}

/**
 * Works changes into a page. Safe to repeat and to reorder: polls overlap on purpose, and what is
 * older than what the page has is left out. New jobs enter where they belong, unless they belong to
 * another page. Returns the same page when nothing changed.
 */
export function applyChanges(page: Page, changes: readonly Change[], filter: Filter): Page {
  const jobs = new Map(page.jobs.map((job) => [job.id, job]));
  let changed = false;
  for (const change of changes) {
    if (change.type === "deleted") {
      changed = jobs.delete(change.id) || changed;
      continue;
    }
    const before = jobs.get(change.job.id);
    if (before && before.time.updated >= change.job.time.updated) continue;
    if (!fits(change.job, filter)) {
      changed = jobs.delete(change.job.id) || changed;
    } else if (before || belongs(change.job, page, filter)) {
      jobs.set(change.job.id, keepPoster(before, change.job));
      changed = true;
    }
  }
  if (!changed) return page;
  return { ...page, jobs: [...jobs.values()].sort((a, b) => compare(a, b, filter)) };
}

/** A job that the page does not have belongs to it if it sorts within the page, or is its new first. */
function belongs(job: Listed, page: Page, filter: Filter): boolean {
  const first = page.jobs[0];
  const last = page.jobs.at(-1);
  if (filter.cursor !== undefined && (!first || compare(job, first, filter) < 0)) return false;
  return page.cursor === undefined || !last || compare(job, last, filter) < 0;
}
