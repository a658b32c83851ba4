"use client";

import { startTransition, useEffect, useState } from "react";

const STEP_MS = 30_000;

/** The time, updated twice a minute, so that ages on an open page stay current. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    // Not urgent: many components may show an age, and React renders them in several tasks.
    const update = () => startTransition(() => setNow(Date.now()));
    const timer = setInterval(update, STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
