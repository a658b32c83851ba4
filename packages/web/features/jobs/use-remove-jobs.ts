"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { announce } from "../../components/ui/announcer.tsx";
import * as api from "./requests.ts";
import { JOBS } from "./use-jobs.ts";

/** `1 video`, `3 videos`. */
export function countVideos(count: number): string {
  return count === 1 ? "1 video" : `${count} videos`;
}

/** Deletes jobs and removes them from every list at once. */
export function useRemoveJobs() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => api.removeMany(ids),
    onSuccess({ deleted }) {
      const gone = new Set(deleted);
      client.setQueriesData<api.JobPage>({ queryKey: [JOBS] }, (page) =>
        page ? { ...page, jobs: page.jobs.filter((job) => !gone.has(job.id)) } : page,
      );
      // The page has room for jobs of the next one.
      void client.invalidateQueries({ queryKey: [JOBS] });
      announce(`${countVideos(deleted.length)} deleted.`);
    },
  });
}
