"use client";

import type { Changes, Listed } from "@rushes/core/captions/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as api from "./requests.ts";

/** The captions of a video, with mutations to add, change and remove them. */
export function useCaptions(jobId: string) {
  const client = useQueryClient();
  const queryKey = ["captions", jobId];
  const updateList = (update: (captions: Listed[]) => Listed[]) => {
    client.setQueryData<Listed[]>(queryKey, (captions) => (captions ? update(captions) : captions));
    // The player gets its captions with its URLs.
    void client.invalidateQueries({ queryKey: ["playback", jobId] });
  };
  return {
    list: useQuery({
      queryKey,
      queryFn: async ({ signal }) => (await api.list(jobId, signal)).captions,
    }),
    add: useMutation({
      mutationFn: (input: api.NewCaptions) => api.add(jobId, input),
      onSuccess: ({ captions }) => updateList((before) => [...before, captions]),
    }),
    update: useMutation({
      mutationFn: ({ id, ...changes }: { id: string } & Changes) => api.update(jobId, id, changes),
      onSuccess: ({ captions }) =>
        updateList((before) => before.map((one) => (one.id === captions.id ? captions : one))),
    }),
    remove: useMutation({
      mutationFn: ({ id }: Listed) => api.remove(jobId, id),
      onSuccess: (_, { id }) => updateList((before) => before.filter((one) => one.id !== id)),
    }),
  };
}
