"use client";

import { useState } from "react";

/** Which of the shown items are selected. Items that are no longer shown are never part of it. */
export function useSelection(shown: readonly string[]) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const ids = shown.filter((id) => selected.has(id));
  return {
    ids,
    has: (id: string) => selected.has(id),
    toggle(id: string) {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setSelected(next);
    },
    all: shown.length > 0 && ids.length === shown.length,
    setAll: (on: boolean) => setSelected(new Set(on ? shown : [])),
    clear: () => setSelected(new Set()),
  };
}
