import { onlineManager } from "@tanstack/react-query";
import type { Store } from "./session.ts";

/**
 * Pauses every query while no one is signed in, as without a network. Afterwards, failed queries are retried and
 * stale ones are fetched again. Returns a function that stops it.
 */
export function pauseWhileSignedOut(session: Store): () => void {
  let connected = true;
  const stop = new AbortController();
  onlineManager.setEventListener((setOnline) => {
    const update = () => setOnline(connected && session.current().type === "in");
    const setConnected = (value: boolean) => () => {
      connected = value;
      update();
    };
    const { signal } = stop;
    window.addEventListener("online", setConnected(true), { signal });
    window.addEventListener("offline", setConnected(false), { signal });
    signal.addEventListener("abort", session.subscribe(update));
    update();
    return () => stop.abort();
  });
  return () => stop.abort();
}
