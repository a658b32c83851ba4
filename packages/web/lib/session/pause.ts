import { onlineManager } from "@tanstack/react-query";
import type { Store } from "./session.ts";

/**
 * Lets every query rest while nobody is signed in, as it rests without a network, and go on by itself
 * afterwards: what was refused is asked again, what is old is fetched anew. Returns how to stop.
 */
export function pauseWhileSignedOut(session: Store): () => void {
  let connected = true;
  const stop = new AbortController();
  onlineManager.setEventListener((setOnline) => {
    const tell = () => setOnline(connected && session.current().type === "in");
    const hear = (is: boolean) => () => {
      connected = is;
      tell();
    };
    const { signal } = stop;
    window.addEventListener("online", hear(true), { signal });
    window.addEventListener("offline", hear(false), { signal });
    signal.addEventListener("abort", session.subscribe(tell));
    tell();
    return () => stop.abort();
  });
  return () => stop.abort();
}
