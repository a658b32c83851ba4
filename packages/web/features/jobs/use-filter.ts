"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { type Filter, filterQuery, parseFilter } from "./list-filter.ts";

/**
 * The filter in the address. It is changed without asking the server for the page again: the page
 * is the same for every filter, only its jobs differ. Typing replaces the entry of the history,
 * everything else adds one, so that Back undoes a choice and not a letter.
 */
export function useFilter() {
  const path = usePathname();
  const filter = parseFilter(useSearchParams());
  const { owner } = filter;
  const setFilter = useCallback(
    (next: Filter, how: "push" | "replace" = "push") => {
      // Whose videos they are is no choice of this list: it stays until one leaves.
      const address = `${path}${filterQuery({ ...next, owner })}`;
      if (how === "push") window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    },
    [path, owner],
  );
  return { filter, setFilter };
}
