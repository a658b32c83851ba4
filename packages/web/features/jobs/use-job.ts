"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { isMissing, isSignedOut } from "../../lib/api-client/call.ts";
import { usePaused } from "./live-switch.ts";
import * as api from "./requests.ts";
import { pollMs } from "./settle.ts";

const key = (id: string) => ["job", id];

/**
 * A job with its renditions and timeline. It is refetched while it may change, but not once it is gone, and not
 * while this page deletes it (`leaving`).
 */
export function useJob(id: string, leaving: boolean) {
  const paused = usePaused();
  return useQuery({
    queryKey: key(id),
    queryFn: ({ signal }) => api.details(id, signal),
    // TanStack Query does not refetch in hidden tabs.
    refetchInterval: ({ state }) =>
      pollMs(state.data, { paused, leaving, gone: isMissing(state.error) }, Date.now()),
    refetchOnWindowFocus: ({ state }) => !leaving && !isMissing(state.error),
    refetchOnReconnect: ({ state }) => !leaving && !isMissing(state.error),
    retry: (count, error) => isSignedOut(error) || (count < 2 && !isMissing(error)),
  });
}

/** The actions of one job. Each response is shown at once, and the next poll confirms it. */
export function useJobActions(id: string) {
  const client = useQueryClient();
  const show = ({ job }: { job: api.JobDetails["job"] }) => {
    client.setQueryData<api.JobDetails>(key(id), (old) => (old ? { ...old, job } : old));
    void client.invalidateQueries({ queryKey: key(id) });
  };
  return {
    retry: useMutation({
      mutationFn: (profile?: string) => api.retry(id, profile),
      onSuccess: show,
    }),
    cancel: useMutation({ mutationFn: () => api.cancel(id), onSuccess: show }),
    rename: useMutation({ mutationFn: (title: string) => api.rename(id, title), onSuccess: show }),
    remove: useMutation({ mutationFn: () => api.remove(id) }),
  };
}
