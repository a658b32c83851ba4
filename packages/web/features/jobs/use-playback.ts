"use client";

import { playing } from "@rushes/core/job/playing";
import type { Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";
import type { Info as Playback } from "@rushes/core/playback/schema";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { receivedMs } from "../../lib/api-client/received.ts";
import { byLocalClock, MIN_MS, refreshInMs } from "../player/renewal.ts";
import * as api from "./requests.ts";

/** The fields of a job that decide which URLs exist. */
type PlayableJob = Pick<Listed, "id" | "source" | "time"> & Parameters<typeof playing>[0];

const local = (info: Playback, requestedMs: number) =>
  byLocalClock(info, { requestedMs, lifeSeconds: info.expiresInSeconds });

/** The server's data, while the job is the one that it has read. It read the URLs after the job. */
function initialOf(job: PlayableJob, initial: api.Initial | undefined) {
  const { details, playback } = initial ?? {};
  if (!initial || !playback || details?.job.id !== job.id) return undefined;
  if (details.job.time.updated !== job.time.updated) return undefined;
  const requestedMs = receivedMs(initial);
  return { initialData: local(playback, requestedMs), initialDataUpdatedAt: requestedMs };
}

/**
 * The short-lived URLs of a job's files. Refetched when the original has been inspected and may play, when a rendition is
 * ready, when the job ends, after which the original does not play, and before they expire.
 */
export function usePlayback(job: PlayableJob, initial: api.Initial | undefined) {
  const { attempt, landed } = playing(job);
  return useQuery({
    queryKey: [
      ...["playback", job.id, attempt, [...landed].sort().join()],
      ...[job.source.media !== undefined, isTerminal(job.status)],
    ],
    queryFn: async ({ signal }) => {
      const requestedMs = Date.now();
      return local(await api.playback(job.id, signal), requestedMs);
    },
    ...initialOf(job, initial),
    placeholderData: keepPreviousData,
    staleTime: MIN_MS,
    refetchInterval: (query) => refreshInMs(query.state.data?.expires, Date.now()),
  });
}
