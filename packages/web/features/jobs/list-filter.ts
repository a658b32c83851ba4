import { SORTS, type Sort } from "@rushes/core/job/sort";
import { STATUSES, type Status } from "@rushes/core/job/status";

/** The filter of the list. It is kept in the URL, so that a reload and a link keep it. */
export type Filter = {
  status?: Status;
  q?: string;
  tag?: string;
  /** Newest first by default. A search is always sorted so. */
  sort?: Sort;
  cursor?: string;
  /** The user whose videos an admin views. Undefined for the admin's own. */
  owner?: string;
};

const NAMES = ["status", "q", "tag", "sort", "cursor", "owner"] as const;

/** Reads the filter from a URL. Ignores unknown values. */
export function parseFilter(params: { get(name: string): string | null }): Filter {
  const status = STATUSES.find((known) => known === params.get("status"));
  const q = params.get("q")?.trim() || undefined;
  const tag = params.get("tag")?.trim() || undefined;
  const sort = SORTS.find((known) => known === params.get("sort"));
  const cursor = params.get("cursor") || undefined;
  const owner = params.get("owner") || undefined;
  return { status, q, tag, sort, cursor, owner };
}

/** The query string of a filter, with its question mark. Empty without a filter. */
export function filterQuery(filter: Filter): string {
  const params = new URLSearchParams();
  for (const name of NAMES) {
    const value = filter[name];
    if (value) params.set(name, value);
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** True if a status, a tag or a search is set. */
export function isFiltered(filter: Filter): boolean {
  return filter.status !== undefined || isSearch(filter);
}

/** True if the API searches. The results are always sorted by `newest`. */
export const isSearch = (filter: Filter): boolean =>
  filter.q !== undefined || filter.tag !== undefined;
