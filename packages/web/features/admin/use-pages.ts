"use client";

import { useInfiniteQuery } from "@tanstack/react-query";

/** A list that is loaded page by page, with a cursor. */
export function usePages<P extends { cursor?: string }>(
  key: readonly unknown[],
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: P) => page.cursor,
  });
}
