import { type RefObject, useEffect, useState } from "react";
import type { HlsEngine } from "./hls-engine.ts";

/**
 * The playhead is this close to the last encoded second when it has to wait for the encoder: a segment of two seconds may
 * be in the playlist already and still be on its way.
 */
const EDGE_SECONDS = 3;

/** True while the playhead waits at the end of what is encoded so far. */
export function useWaiting(
  video: RefObject<HTMLVideoElement | null>,
  engine: RefObject<HlsEngine | undefined>,
  run: string | undefined,
): boolean {
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element || run === undefined) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    const check = () => {
      const edge = engine.current?.growingTo();
      setWaiting(edge !== undefined && edge - element.currentTime < EDGE_SECONDS);
    };
    element.addEventListener("waiting", check, { signal });
    for (const event of ["playing", "seeking", "ended", "emptied"]) {
      element.addEventListener(event, () => setWaiting(false), { signal });
    }
    return () => {
      listeners.abort();
      setWaiting(false);
    };
  }, [video, engine, run]);
  return waiting;
}
