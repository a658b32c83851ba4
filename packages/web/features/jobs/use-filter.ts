"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { type Filter, filterQuery, parseFilter } from "./list-filter.ts";

/**
 * The filter in the URL. A change does not request the page again: it is the same for every filter, and only its jobs
 * differ. Typing replaces the history entry, and every other change adds one, so that Back undoes a choice and not a
 * letter.
 */
export function useFilter() {
  const path = usePathname();
  const filter = parseFilter(useSearchParams());
  const { owner } = filter;
  const setFilter = useCallback(
    (next: Filter, how: "push" | "replace" = "push") => {
      // The owner is not a filter of this list, so it stays.
      const url = `${path}${filterQuery({ ...next, owner })}`;
      window.history[`${how}State`](null, "", url);
    },
    [path, owner],
  );
  return { filter, setFilter };
}
