"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import * as api from "./requests.ts";
import { key } from "./use-job.ts";

/**
 * The actions of one job. Each response is shown at once, and the next poll confirms it. `onLeaving` is called with true
 * before the job is deleted, and with false if that fails.
 */
export function useJobActions(id: string, onLeaving: (leaving: boolean) => void) {
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
    tag: useMutation({
      mutationFn: (tags: { addTags?: string[]; removeTags?: string[] }) => api.tag(id, tags),
      onSuccess: show,
    }),
    remove: useMutation({
      mutationFn: async (title: string) => {
        const { removeJobs } = await import("./undo.tsx");
        removeJobs([{ id, title }]);
      },
      onMutate: () => onLeaving(true),
      onError: () => onLeaving(false),
    }),
  };
}
