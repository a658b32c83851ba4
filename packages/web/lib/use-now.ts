"use client";

import { useEffect, useState } from "react";

const STEP_MS = 30_000;

/** The time, updated twice a minute, so that ages on an open page stay current. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
