import { STATUSES, type Status } from "@rushes/core/job/status";

/** What the list shows: all of it stands in the address, so that a reload and a link keep it. */
export type Filter = {
  status?: Status;
  q?: string;
  cursor?: string;
  /** Whose videos an admin looks at, when it is not the own ones. */
  owner?: string;
};

/** Reads the filter out of an address; what it does not know it leaves out. */
export function parseFilter(params: { get(name: string): string | null }): Filter {
  const status = STATUSES.find((known) => known === params.get("status"));
  const q = params.get("q")?.trim() || undefined;
  const cursor = params.get("cursor") || undefined;
  const owner = params.get("owner") || undefined;
  return { status, q, cursor, owner };
}

/** The query string of a filter, with its question mark; empty for none. */
export function filterQuery(filter: Filter): string {
  const params = new URLSearchParams();
  if (filter.status) params.set("status", filter.status);
  if (filter.q) params.set("q", filter.q);
  if (filter.cursor) params.set("cursor", filter.cursor);
  if (filter.owner) params.set("owner", filter.owner);
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** True when something but the page, and whose videos they are, is chosen. */
export function isFiltered(filter: Filter): boolean {
  return filter.status !== undefined || filter.q !== undefined;
}
