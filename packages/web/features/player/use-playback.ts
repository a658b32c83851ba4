"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import * as api from "../jobs/requests.ts";

/** Fresh addresses are asked for this long before the old ones end, so that no link is ever stale. */
const AHEAD_MS = 60_000;
const MIN_MS = 10_000;

/** Milliseconds until the addresses should be exchanged. */
export function refreshInMs(expires: string | undefined, nowMs: number): number {
  if (expires === undefined) return MIN_MS;
  return Math.max(MIN_MS, Date.parse(expires) - AHEAD_MS - nowMs);
}

/** What of a job decides which addresses there are. */
export type Playable = { id: string; attempt: number; landed: readonly string[] };

/** The short-lived addresses of a job's files; asked anew when a rendition lands and before they end. */
export function usePlayback(job: Playable) {
  return useQuery({
    queryKey: ["playback", job.id, job.attempt, [...job.landed].sort().join()],
    queryFn: ({ signal }) => api.playback(job.id, signal),
    placeholderData: keepPreviousData,
    staleTime: MIN_MS,
    refetchInterval: (query) => refreshInMs(query.state.data?.expires, Date.now()),
  });
}
