"use client";

import { useSyncExternalStore } from "react";

let paused = false;
const listeners = new Set<() => void>();

/** Stops or resumes live updates on every part of the page (WCAG 2.2.2: what moves can be paused). */
export function setPaused(next: boolean): void {
  paused = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePaused(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => paused,
    () => false,
  );
}
