import { type RefObject, useEffect, useRef } from "react";
import { readGrowth } from "./growth.ts";
import type { Offer } from "./offers.ts";

const CHECK_MS = 2_000;
/** The encoder must be this far ahead of the playhead, so that HLS does not have to wait at once. */
const AHEAD_SECONDS = 6;

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { cache: "no-store" });
  if (!response.ok) throw new Error(`The playlist was answered with ${response.status}.`);
  return response.text();
}

/** Calls `onReached` once the growing HLS video has passed the playhead. Checks nothing without an offer. */
export function useGrowth(
  video: RefObject<HTMLVideoElement | null>,
  offer: Offer | undefined,
  onReached: () => void,
): void {
  const latest = useRef({ offer, onReached });
  latest.current = { offer, onReached };
  const active = offer !== undefined;

  useEffect(() => {
    if (!active) return;
    const stopped = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const check = async () => {
      const url = latest.current.offer?.url ?? "";
      // Without an answer the original simply plays on.
      const seconds = await readGrowth(url, fetchText).catch(() => 0);
      if (stopped.signal.aborted) return;
      if (seconds >= (video.current?.currentTime ?? 0) + AHEAD_SECONDS) {
        return latest.current.onReached();
      }
      timer = setTimeout(() => void check(), CHECK_MS);
    };
    void check();
    return () => {
      stopped.abort();
      clearTimeout(timer);
    };
  }, [active, video]);
}
