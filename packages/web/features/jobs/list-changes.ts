import { isMeasure, measureOf } from "@rushes/core/job/measured";
import { posterKeyOf } from "@rushes/core/job/playing";
import type { Change, Listed } from "@rushes/core/job/schema";
import { entryOf, matches, termsOf } from "@rushes/core/search/words";
import { foldName } from "@rushes/core/table/indexes";
import { hiddenJobs } from "./known-jobs.ts";
import { type Filter, isSearch } from "./list-filter.ts";
import { statusAnnouncement } from "./status-announcement.ts";

/** One page of jobs from the API. `cursor` is missing on the last page. */
export type Page = { jobs: Listed[]; cursor?: string };

function fits(job: Listed, filter: Filter): boolean {
  if (hiddenJobs.has(job.id)) return false;
  if (filter.status !== undefined && job.status !== filter.status) return false;
  if (filter.q !== undefined && termsOf(filter.q).length === 0) return false;
  return matches(entryOf(job).words, termsOf(filter.q ?? "", filter.tag));
}

/** The order of the API. Ids sort by creation time. */
function compare(a: Listed, b: Listed, filter: Filter): number {
  const { sort = "newest" } = filter;
  if (isSearch(filter) || sort === "newest") return a.id > b.id ? -1 : 1;
  if (isMeasure(sort)) {
    const more = measureOf(b, sort) - measureOf(a, sort);
    return more === 0 ? (a.id > b.id ? -1 : 1) : more;
  }
  if (sort === "name") {
    const [one, other] = [foldName(a.title), foldName(b.title)];
    if (one !== other) return one < other ? -1 : 1;
  }
  return a.id < b.id ? -1 : 1;
}

/**
 * Keeps the URL of a poster that has not changed: a new one is signed every few minutes, and it would load the
 * same picture again. An expired URL is requested again when it is needed.
 */
function keepPoster(before: Listed | undefined, after: Listed): Listed {
  if (!before?.posterUrl || posterKeyOf(before) !== posterKeyOf(after)) return after;
  return { ...after, posterUrl: before.posterUrl };
}

/**
 * Applies changes to a page. Safe to repeat and to reorder: polls overlap on purpose, and older data is ignored.
 * New jobs are sorted in, unless they belong to another page. Returns the same page if nothing changed.
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

/** The announcement for screen readers of the jobs that ended since `jobs`. Empty if none did. */
export function announcementOf(changes: readonly Change[], jobs: readonly Listed[]): string {
  const before = new Map(jobs.map((job) => [job.id, job.status]));
  return changes
    .flatMap((change) =>
      change.type === "job"
        ? (statusAnnouncement(before.get(change.job.id), change.job) ?? [])
        : [],
    )
    .join(" ");
}

/** A new job belongs to the page if it sorts within the page or before its first job. */
function belongs(job: Listed, page: Page, filter: Filter): boolean {
  const first = page.jobs[0];
  const last = page.jobs.at(-1);
  if (filter.cursor !== undefined && (!first || compare(job, first, filter) < 0)) return false;
  return page.cursor === undefined || !last || compare(job, last, filter) < 0;
}
