"use client";

import type { Listed } from "@rushes/core/job/schema";
import { useCallback, useEffect, useRef, useState } from "react";
import { knownJob } from "./known-jobs.ts";

/** Which jobs are selected, on the shown page and on others. Deleted jobs are never part of it. */
export function useSelection(shown: readonly Listed[]) {
  const [selected, setSelected] = useState<ReadonlyMap<string, Listed>>(new Map());
  const latest = useRef(shown);
  useEffect(() => {
    latest.current = shown;
  });
  // Stays the same function, so that a toggle renders one item and not all of them.
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const next = new Map(before);
      const job = latest.current.find((one) => one.id === id);
      if (!next.delete(id) && job) next.set(id, job);
      return next;
    });
  }, []);
  const jobs = [...selected.values()].flatMap((job) => {
    const known = knownJob(job.id) ?? job;
    return known === "deleted" ? [] : [known];
  });
  return {
    jobs,
    has: (id: string) => selected.has(id),
    toggle,
    all: shown.length > 0 && shown.every(({ id }) => selected.has(id)),
    setAll: (on: boolean) =>
      setSelected((before) => {
        const next = new Map(before);
        for (const job of shown) {
          if (on) next.set(job.id, job);
          else next.delete(job.id);
        }
        return next;
      }),
    /** Keeps only these selected. */
    keep: (ids: ReadonlySet<string>) =>
      setSelected((before) => new Map([...before].filter(([id]) => ids.has(id)))),
  };
}
