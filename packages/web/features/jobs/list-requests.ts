/** The requests of a list, apart from those of one job, so that a list does not load them. */
import type { Change, Listed } from "@rushes/core/job/schema";
import { call } from "../../lib/api-client/call.ts";
import { type Filter, filterQuery } from "./list-filter.ts";

export type JobPage = { jobs: Listed[]; cursor?: string; now: string };

/** A page that the server has read for the HTML, and the query string of its filter. */
export type FirstPage = { filter: string; page: JobPage };

export const list = (filter: Filter, signal?: AbortSignal) =>
  call<JobPage>(`/jobs${filterQuery(filter)}`, { signal });

export function changes(since: string, owner: string | undefined, signal?: AbortSignal) {
  const query = new URLSearchParams({ changedSince: since, ...(owner ? { owner } : {}) });
  return call<{ changes: Change[]; nextSince: string; more: boolean }>(`/jobs?${query}`, {
    signal,
  });
}
