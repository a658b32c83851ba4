import type { Event, Listed } from "@rushes/core/job/schema";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info as Rendition } from "@rushes/core/rendition/schema";
import { call } from "../../lib/api-client/call.ts";

export type JobDetails = { job: Listed; renditions: Rendition[]; events: Event[] };
export type Removed = {
  deleted: string[];
  failed: { id: string; code: string; message: string }[];
};

export const details = (id: string, signal?: AbortSignal) =>
  call<JobDetails>(`/jobs/${id}`, { signal });

export const playback = (id: string, signal?: AbortSignal) =>
  call<Playback>(`/jobs/${id}/playback`, { signal });

/** What the server has read for the page, which therefore begins without requests of its own. */
export type Initial = { details: JobDetails; playback?: Playback | undefined };

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

/** At most 100. With `keepalive`, the request outlives the page. */
export const removeMany = (ids: string[], keepalive: boolean) =>
  call<Removed>("/jobs/delete", { method: "POST", body: { ids }, keepalive });
