"use client";

import { type ReactNode, useSyncExternalStore } from "react";
import { createListeners } from "../../lib/listeners.ts";

let current = "";
let bar: ReactNode;
const { subscribe, notify } = createListeners();

/** Announces a sentence in the page's polite live region. Announce results, not steps. */
export function announce(sentence: string): void {
  // A repeated sentence would not be read again. A trailing no-break space makes it a new one.
  current = current === sentence ? `${sentence}\u00a0` : sentence;
  notify();
}

/** Shows a bar that outlives the page that asks for it. */
export function showBar(next: ReactNode): void {
  bar = next;
  notify();
}

/** The one live region of the app, mounted once in the layout, and the bar beside it. */
export function Announcer() {
  const sentence = useSyncExternalStore(
    subscribe,
    () => current,
    () => "",
  );
  return (
    <>
      <p role="status" aria-live="polite" className="sr-only" data-announcer>
        {sentence}
      </p>
      {useSyncExternalStore(
        subscribe,
        () => bar,
        () => undefined,
      )}
    </>
  );
}
