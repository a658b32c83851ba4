import { type RefObject, useEffect, useRef } from "react";

/**
 * Calls `onComplete` after the encode has ended of a video that was not complete when the player opened: at once, or when
 * the video pauses or ends if it plays, because it would stop for a moment.
 */
export function useCompletion(
  video: RefObject<HTMLVideoElement | null>,
  complete: boolean,
  onComplete: () => void,
): void {
  const latest = useRef(onComplete);
  latest.current = onComplete;
  const before = useRef(complete);
  useEffect(() => {
    const wasComplete = before.current;
    before.current = complete;
    if (!complete || wasComplete) return;
    const element = video.current;
    if (!element || element.paused) return latest.current();
    const over = new AbortController();
    const stopped = () => {
      // At its end the video pauses first. Its `ended` event, which is still to come, must not get lost.
      if (element.ended) return;
      over.abort();
      latest.current();
    };
    const ended = () => {
      over.abort();
      // After the other listeners.
      setTimeout(() => latest.current());
    };
    element.addEventListener("pause", stopped, { signal: over.signal });
    element.addEventListener("ended", ended, { signal: over.signal });
    return () => over.abort();
  }, [video, complete]);
}
