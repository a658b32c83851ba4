"use client";

import { useEffect, useState } from "react";

const STEP_MS = 30_000;

/** The time, twice a minute: ages on a page that stays open must not stand still. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
