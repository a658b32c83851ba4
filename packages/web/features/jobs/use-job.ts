"use client";

import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { isMissing, isSignedOut } from "../../lib/api-client/call.ts";
import { usePaused } from "./live-switch.ts";
import * as api from "./requests.ts";
import { pollMs } from "./settle.ts";

export const key = (id: string) => ["job", id];

/** The requests that a page sent before its code had loaded. Each is used once. */
export type EarlyRequests = RefObject<Partial<api.Early> | undefined>;

/**
 * A job with its renditions and timeline. It is refetched while it may change, but not once it is gone, and not
 * while this page deletes it (`leaving`).
 */
export function useJob(id: string, leaving: boolean, early: EarlyRequests) {
  const paused = usePaused();
  return useQuery({
    queryKey: key(id),
    async queryFn({ signal }) {
      const first = early.current?.details;
      if (early.current) early.current.details = undefined;
      return (await first) ?? api.details(id, signal);
    },
    // TanStack Query does not refetch in hidden tabs.
    refetchInterval: ({ state }) =>
      pollMs(state.data, { paused, leaving, gone: isMissing(state.error) }, Date.now()),
    refetchOnWindowFocus: ({ state }) => !leaving && !isMissing(state.error),
    refetchOnReconnect: ({ state }) => !leaving && !isMissing(state.error),
    retry: (count, error) => isSignedOut(error) || (count < 2 && !isMissing(error)),
  });
}
