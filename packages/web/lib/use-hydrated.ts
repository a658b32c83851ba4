"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * False on the server and while React hydrates the server's HTML, true from then on. What depends on the
 * clock, the time zone, the address, storage or an answer that has arrived early must not be rendered
 * before: the server rendered something else, and React would throw its HTML away (error #418).
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
