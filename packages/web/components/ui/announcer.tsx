"use client";

import { useSyncExternalStore } from "react";

let current = "";
const listeners = new Set<() => void>();

/** Announces a sentence in the page's polite live region. Announce results, not steps. */
export function announce(sentence: string): void {
  // A repeated sentence would not be read again. A trailing no-break space makes it a new one.
  current = current === sentence ? `${sentence}\u00a0` : sentence;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The one live region of the app, mounted once in the layout. */
export function Announcer() {
  const sentence = useSyncExternalStore(
    subscribe,
    () => current,
    () => "",
  );
  return (
    <p role="status" aria-live="polite" className="sr-only" data-announcer>
      {sentence}
    </p>
  );
}
