"use client";

import { playing } from "@rushes/core/job/playing";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { byOwnClock, MIN_MS, refreshInMs } from "../player/renewal.ts";
import * as api from "./requests.ts";

/** What of a job decides which addresses there are. */
export type Playable = { id: string } & Parameters<typeof playing>[0];

/** The short-lived addresses of a job's files; asked anew when a rendition lands and before they end. */
export function usePlayback(job: Playable) {
  const { attempt, landed } = playing(job);
  return useQuery({
    queryKey: ["playback", job.id, attempt, [...landed].sort().join()],
    queryFn: async ({ signal }) => {
      const askedAt = Date.now();
      return byOwnClock(await api.playback(job.id, signal), askedAt);
    },
    placeholderData: keepPreviousData,
    staleTime: MIN_MS,
    refetchInterval: (query) => refreshInMs(query.state.data?.expires, Date.now()),
  });
}
