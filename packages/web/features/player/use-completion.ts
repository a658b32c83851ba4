import { useEffect, useRef } from "react";

/** Calls `onComplete` once the encode has ended of a video that was not complete when the player opened. */
export function useCompletion(complete: boolean, onComplete: () => void): void {
  const latest = useRef(onComplete);
  latest.current = onComplete;
  const before = useRef(complete);
  useEffect(() => {
    if (complete && !before.current) latest.current();
    before.current = complete;
  }, [complete]);
}
