"use client";

import { isTerminal } from "@rushes/core/job/status";
import { useQuery } from "@tanstack/react-query";
import { isMissing, isSignedOut } from "../../lib/api-client/call.ts";
import { receivedMs } from "../../lib/api-client/received.ts";
import { usePaused } from "./live-switch.ts";
import * as api from "./requests.ts";
import { pollMs } from "./settle.ts";

export const key = (id: string) => ["job", id];

/**
 * A job with its renditions and timeline. It is refetched while it may change, but not once it is gone, and not
 * while this page deletes it (`leaving`).
 */
export function useJob(id: string, leaving: boolean, initial: api.Initial | undefined) {
  const paused = usePaused();
  return useQuery({
    queryKey: key(id),
    queryFn: ({ signal }) => api.details(id, signal),
    ...(initial && {
      initialData: initial.details,
      // That of a job in progress is requested again at once: its original may play by now.
      initialDataUpdatedAt: () =>
        isTerminal(initial.details.job.status) ? receivedMs(initial) : 0,
    }),
    // TanStack Query does not refetch in hidden tabs.
    refetchInterval: ({ state }) =>
      pollMs(state.data, { paused, leaving, gone: isMissing(state.error) }, Date.now()),
    refetchOnWindowFocus: ({ state }) => !leaving && !isMissing(state.error),
    refetchOnReconnect: ({ state }) => !leaving && !isMissing(state.error),
    retry: (count, error) => isSignedOut(error) || (count < 2 && !isMissing(error)),
  });
}
