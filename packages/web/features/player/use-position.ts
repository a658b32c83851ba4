import { type RefObject, useCallback, useRef, useState } from "react";
import type { Position } from "./playback-state.ts";

/**
 * Remembers the position of a video element and restores it after its URL changed. The element loses both its
 * time and its play state when it fails or gets a new URL. `first` is where it begins.
 */
export function usePosition(video: RefObject<HTMLVideoElement | null>, first: () => Position) {
  const [begin] = useState(first);
  const last = useRef(begin);

  /** Call on every `timeupdate`, `play`, `pause` and `ratechange` of a working element. */
  const remember = useCallback(() => {
    const element = video.current;
    if (!element || element.error || element.readyState < HTMLMediaElement.HAVE_METADATA) return;
    last.current = {
      atSeconds: element.currentTime,
      playing: !element.paused && !element.ended,
      rate: element.playbackRate,
    };
  }, [video]);

  const current = useCallback(() => last.current, []);

  /** Call on `play` and `pause`, also of an element that has failed or is loading: its user wants that afterwards. */
  const intend = useCallback((playing: boolean) => {
    last.current = { ...last.current, playing };
  }, []);

  /** Call on `loadedmetadata`. Whether it plays is what the user wants by now. */
  const restore = useCallback(
    (position: Pick<Position, "atSeconds" | "rate">) => {
      const element = video.current;
      if (!element) return;
      element.playbackRate = position.rate;
      if (position.atSeconds > 0) {
        element.currentTime = Math.min(position.atSeconds, element.duration || 0);
      }
      // The browser may block playback without a click. Then the user presses play.
      if (last.current.playing) element.play().catch(() => {});
    },
    [video],
  );

  return { remember, current, intend, restore };
}
