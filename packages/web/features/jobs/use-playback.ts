"use client";

import { playing } from "@rushes/core/job/playing";
import { isTerminal } from "@rushes/core/job/status";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { byLocalClock, MIN_MS, refreshInMs } from "../player/renewal.ts";
import * as api from "./requests.ts";

/** The fields of a job that decide which URLs exist. */
type PlayableJob = { id: string } & Parameters<typeof playing>[0];

/**
 * The short-lived URLs of a job's files. Refetched when a rendition is ready, when the job ends, after which the original
 * does not play, and before they expire.
 */
export function usePlayback(job: PlayableJob) {
  const { attempt, landed } = playing(job);
  return useQuery({
    queryKey: ["playback", job.id, attempt, [...landed].sort().join(), isTerminal(job.status)],
    queryFn: async ({ signal }) => {
      const requestedMs = Date.now();
      const info = await api.playback(job.id, signal);
      return byLocalClock(info, { requestedMs, lifeSeconds: info.expiresInSeconds });
    },
    placeholderData: keepPreviousData,
    staleTime: MIN_MS,
    refetchInterval: (query) => refreshInMs(query.state.data?.expires, Date.now()),
  });
}
