"use client";

import { useSyncExternalStore } from "react";

let current = "";
const listeners = new Set<() => void>();

/** Says a sentence in the page's one polite live region. Use it sparingly: ends, not steps. */
export function announce(sentence: string): void {
  // The same sentence twice would not be read again; a trailing no-break space makes it a new one.
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
