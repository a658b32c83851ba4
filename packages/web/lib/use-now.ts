"use client";

import { startTransition, useEffect, useState } from "react";
import { useHydrated } from "./use-hydrated.ts";

const STEP_MS = 30_000;

/**
 * The time, updated twice a minute, so that ages on an open page stay current. `first` is that of the server's HTML, for
 * a component that the server renders, too.
 */
export function useNow(first?: string): number {
  const hydrated = useHydrated();
  const [now, setNow] = useState(() =>
    hydrated || first === undefined ? Date.now() : Date.parse(first),
  );
  useEffect(() => {
    // Not urgent: many components may show an age, and React renders them in several tasks.
    const update = () => startTransition(() => setNow(Date.now()));
    const timer = setInterval(update, STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
