"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * False on the server and while React hydrates the server's HTML, true afterwards. Do not render content earlier that
 * depends on the clock, the time zone, the URL, storage or an early response: it would differ from the server's HTML,
 * which React would then discard (error #418).
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
