"use client";

import { useSyncExternalStore } from "react";
import { createListeners } from "../../lib/listeners.ts";

let paused = false;
const { subscribe, notify } = createListeners();

/** Stops or resumes live updates on every part of the page (WCAG 2.2.2: what moves can be paused). */
export function setPaused(next: boolean): void {
  paused = next;
  notify();
}

export function usePaused(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => paused,
    () => false,
  );
}
