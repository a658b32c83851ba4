import { type RefObject, useEffect, useState } from "react";
import { knownJob } from "../jobs/known-jobs.ts";
import type { Engine } from "./engine.ts";
import { createLeaving } from "./leave.ts";

/** How often the list is checked. It is also the time in which a row fades. */
const CHECK_MS = 1_000;
const NONE: ReadonlySet<string> = new Set();

/**
 * Dismisses rows that have nothing more to say, and returns the keys of those that are about to go. Nothing goes while
 * the pointer or the focus is in the list: what is below would move.
 */
export function useLeaving(
  engine: Engine | undefined,
  list: RefObject<HTMLElement | null>,
): ReadonlySet<string> {
  const [leaving, setLeaving] = useState(NONE);
  useEffect(() => {
    if (!engine) return;
    const due = createLeaving(knownJob);
    let fading = NONE;
    const timer = setInterval(() => {
      const keys = due(document.hidden ? [] : engine.state().files, Date.now());
      const isInUse = list.current?.matches(":hover, :focus-within") ?? false;
      const next = isInUse || keys.length === 0 ? NONE : new Set(keys);
      const faded = [...next].filter((key) => fading.has(key));
      if (faded.length > 0) engine.dismiss(...faded);
      fading = next;
      setLeaving(next);
    }, CHECK_MS);
    return () => clearInterval(timer);
  }, [engine, list]);
  return leaving;
}
