"use client";

import type { Info, New } from "@rushes/core/share/schema";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import * as api from "./requests.ts";

/** The links of a video, and what can be done with them. */
export function useShares(jobId: string) {
  const client = useQueryClient();
  const queryKey = ["shares", jobId];
  // Not asked for again after a change: the list comes from an index, which may be a moment behind.
  const change = (to: (shares: Info[]) => Info[]) =>
    client.setQueryData<Info[]>(queryKey, (shares) => (shares ? to(shares) : shares));
  return {
    list: useQuery({
      queryKey,
      queryFn: async ({ signal }) => (await api.list(jobId, signal)).shares,
      refetchOnWindowFocus: false,
    }),
    create: useMutation({
      mutationFn: (body: New) => api.create(jobId, body),
      onSuccess: ({ share }) => change((shares) => [share, ...shares]),
    }),
    revoke: useMutation({
      mutationFn: ({ id }: Info) => api.remove(id),
      onSuccess: (_, { id }) => change((shares) => shares.filter((one) => one.id !== id)),
    }),
  };
}
