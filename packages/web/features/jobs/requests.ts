import type { Change, Event, Listed } from "@rushes/core/job/schema";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info as Rendition } from "@rushes/core/rendition/schema";
import { type Filter, filterQuery } from "./list-filter.ts";

/** An answer that is not the one hoped for. `message` is a sentence that a person may read. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.code = code;
  }
}

export type JobPage = { jobs: Listed[]; cursor?: string; now: string };
export type JobDetails = { job: Listed; renditions: Rendition[]; events: Event[] };
export type Removed = {
  deleted: string[];
  failed: { id: string; code: string; message: string }[];
};

type Init = { method?: string; body?: unknown; signal?: AbortSignal };

async function call<T>(path: string, { method = "GET", body, signal }: Init = {}): Promise<T> {
  const asked = fetch(`/api${path}`, {
    method,
    signal,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await asked.catch((error: unknown) => {
    signal?.throwIfAborted();
    // fetch rejects with a TypeError where there was no answer, in words that help nobody.
    if (!(error instanceof TypeError)) throw error;
    throw new RequestError(0, "unreachable", "The server does not answer. Is it running?");
  });
  if (!response.ok) throw await refusal(response);
  // The API speaks the schemas of core; its own tests hold it to them.
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function refusal(response: Response): Promise<RequestError> {
  const said: { code?: string; message?: string } = await response.json().catch(() => ({}));
  return new RequestError(
    response.status,
    said.code ?? "unknown",
    said.message ?? `The server answered ${response.status}. Try again in a moment.`,
  );
}

export const list = (filter: Filter, signal?: AbortSignal) =>
  call<JobPage>(`/jobs${filterQuery(filter)}`, { signal });

export const changes = (since: string, signal?: AbortSignal) =>
  call<{ changes: Change[]; nextSince: string; more: boolean }>(
    `/jobs?changedSince=${encodeURIComponent(since)}`,
    { signal },
  );

export const details = (id: string, signal?: AbortSignal) =>
  call<JobDetails>(`/jobs/${id}`, { signal });

export const playback = (id: string, signal?: AbortSignal) =>
  call<Playback>(`/jobs/${id}/playback`, { signal });

export const retry = (id: string) => call<{ job: Listed }>(`/jobs/${id}/retry`, { method: "POST" });

export const cancel = (id: string) =>
  call<{ job: Listed }>(`/jobs/${id}/cancel`, { method: "POST" });

export const rename = (id: string, title: string) =>
  call<{ job: Listed }>(`/jobs/${id}`, { method: "PATCH", body: { title } });

export const remove = (id: string) => call<void>(`/jobs/${id}`, { method: "DELETE" });

/** At most 100 at once, which is more than a page holds. */
export const removeMany = (ids: string[]) =>
  call<Removed>("/jobs/delete", { method: "POST", body: { ids } });
