"use client";

import { playing } from "@rushes/core/job/playing";
import { isTerminal } from "@rushes/core/job/status";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { byLocalClock, MIN_MS, refreshInMs } from "../player/renewal.ts";
import * as api from "./requests.ts";
import type { EarlyRequests } from "./use-job.ts";

/** The fields of a job that decide which URLs exist. */
type PlayableJob = { id: string } & Parameters<typeof playing>[0];

/** The early response, if it is that of a complete job. Any other may be older than the job that the page shows. */
async function takeEarly({ current }: EarlyRequests) {
  const { playback, requestedMs } = current ?? {};
  if (!current || !playback || requestedMs === undefined) return undefined;
  current.playback = undefined;
  const info = await playback;
  return info?.complete ? { info, requestedMs } : undefined;
}

/**
 * The short-lived URLs of a job's files. Refetched when a rendition is ready, when the job ends, after which the original
 * does not play, and before they expire.
 */
export function usePlayback(job: PlayableJob, early: EarlyRequests) {
  const { attempt, landed } = playing(job);
  return useQuery({
    queryKey: ["playback", job.id, attempt, [...landed].sort().join(), isTerminal(job.status)],
    queryFn: async ({ signal }) => {
      const first = await takeEarly(early);
      const requestedMs = first?.requestedMs ?? Date.now();
      const info = first?.info ?? (await api.playback(job.id, signal));
      return byLocalClock(info, { requestedMs, lifeSeconds: info.expiresInSeconds });
    },
    placeholderData: keepPreviousData,
    staleTime: MIN_MS,
    refetchInterval: (query) => refreshInMs(query.state.data?.expires, Date.now()),
  });
}
