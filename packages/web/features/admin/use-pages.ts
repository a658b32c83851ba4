"use client";

import { useInfiniteQuery } from "@tanstack/react-query";

/** Pages by cursor, one after the other beneath each other. */
export function usePages<P extends { cursor?: string }>(
  key: readonly unknown[],
  ask: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: P) => page.cursor,
  });
}
