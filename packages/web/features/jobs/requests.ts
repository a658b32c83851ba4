import type { Change, Event, Listed } from "@rushes/core/job/schema";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info as Rendition } from "@rushes/core/rendition/schema";
import { call } from "../../lib/api-client/call.ts";
import { type Filter, filterQuery } from "./list-filter.ts";

export type JobPage = { jobs: Listed[]; cursor?: string; now: string };
export type JobDetails = { job: Listed; renditions: Rendition[]; events: Event[] };
export type Removed = {
  deleted: string[];
  failed: { id: string; code: string; message: string }[];
};

export const list = (filter: Filter, signal?: AbortSignal) =>
  call<JobPage>(`/jobs${filterQuery(filter)}`, { signal });

export function changes(since: string, owner: string | undefined, signal?: AbortSignal) {
  const query = new URLSearchParams({ changedSince: since, ...(owner ? { owner } : {}) });
  return call<{ changes: Change[]; nextSince: string; more: boolean }>(`/jobs?${query}`, {
    signal,
  });
}

export const details = (id: string, signal?: AbortSignal) =>
  call<JobDetails>(`/jobs/${id}`, { signal });

export const playback = (id: string, signal?: AbortSignal) =>
  call<Playback>(`/jobs/${id}/playback`, { signal });

/** Starts another attempt, with the same profile if none is given. */
export const retry = (id: string, profile?: string) =>
  call<{ job: Listed }>(`/jobs/${id}/retry`, {
    method: "POST",
    body: profile === undefined ? undefined : { profile },
  });

export const cancel = (id: string) =>
  call<{ job: Listed }>(`/jobs/${id}/cancel`, { method: "POST" });

export const rename = (id: string, title: string) =>
  call<{ job: Listed }>(`/jobs/${id}`, { method: "PATCH", body: { title } });

export const tag = (id: string, tags: { addTags?: string[]; removeTags?: string[] }) =>
  call<{ job: Listed }>(`/jobs/${id}`, { method: "PATCH", body: tags });

export const remove = (id: string) => call<void>(`/jobs/${id}`, { method: "DELETE" });

/** At most 100, which is more than one page has. */
export const removeMany = (ids: string[]) =>
  call<Removed>("/jobs/delete", { method: "POST", body: { ids } });
