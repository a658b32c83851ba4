"use client";

import { useCallback, useEffect, useRef, useState } from "react";

/** Which of the shown items are selected. Items that are no longer shown are never part of it. */
export function useSelection(shown: readonly string[]) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const latest = useRef(shown);
  useEffect(() => {
    latest.current = shown;
  });
  // Stays the same function, so that a toggle renders one item and not all of them.
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const next = new Set(latest.current.filter((item) => before.has(item)));
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const ids = shown.filter((id) => selected.has(id));
  return {
    ids,
    has: (id: string) => selected.has(id),
    toggle,
    all: shown.length > 0 && ids.length === shown.length,
    setAll: (on: boolean) => setSelected(new Set(on ? shown : [])),
    clear: () => setSelected(new Set()),
  };
}
