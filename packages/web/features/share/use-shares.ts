"use client";

import type { Info, New } from "@rushes/core/share/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as api from "./requests.ts";

/** The share links of a video, with mutations to create and revoke them. */
export function useShares(jobId: string) {
  const client = useQueryClient();
  const queryKey = ["shares", jobId];
  // Not fetched again after a change: the list comes from an index, which can lag behind.
  const updateList = (update: (shares: Info[]) => Info[]) =>
    client.setQueryData<Info[]>(queryKey, (shares) => (shares ? update(shares) : shares));
  return {
    list: useQuery({
      queryKey,
      queryFn: async ({ signal }) => (await api.list(jobId, signal)).shares,
      refetchOnWindowFocus: false,
    }),
    create: useMutation({
      mutationFn: (body: New) => api.create(jobId, body),
      onSuccess: ({ share }) => updateList((shares) => [share, ...shares]),
    }),
    revoke: useMutation({
      mutationFn: ({ id }: Info) => api.remove(id),
      onSuccess: (_, { id }) => updateList((shares) => shares.filter((one) => one.id !== id)),
    }),
  };
}
