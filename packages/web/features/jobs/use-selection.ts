"use client";

import { useState } from "react";

/** Which of the shown things are ticked. What is no longer shown is never part of it. */
export function useSelection(shown: readonly string[]) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const ids = shown.filter((id) => ticked.has(id));
  return {
    ids,
    has: (id: string) => ticked.has(id),
    toggle(id: string) {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setTicked(next);
    },
    all: shown.length > 0 && ids.length === shown.length,
    setAll: (on: boolean) => setTicked(new Set(on ? shown : [])),
    clear: () => setTicked(new Set()),
  };
}
