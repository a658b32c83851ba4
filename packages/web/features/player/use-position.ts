import { type RefObject, useCallback, useRef } from "react";
import { type Place, START } from "./playback-state.ts";

/**
 * Remembers where a video element stands, and brings it back there after its address changed.
 * The element forgets both its time and its play state when it fails or gets a new address.
 */
export function usePlace(video: RefObject<HTMLVideoElement | null>) {
  const last = useRef<Place>(START);

  /** Call on every `timeupdate`, `play`, `pause` and `ratechange` of a working element. */
  const note = useCallback(() => {
    const element = video.current;
    if (!element || element.error || element.readyState < HTMLMediaElement.HAVE_METADATA) return;
    last.current = {
      atSeconds: element.currentTime,
      playing: !element.paused && !element.ended,
      rate: element.playbackRate,
    };
  }, [video]);

  const current = useCallback(() => last.current, []);

  /** Call on `loadedmetadata`. */
  const restore = useCallback(
    (place: Place) => {
      const element = video.current;
      if (!element) return;
      element.playbackRate = place.rate;
      if (place.atSeconds > 0)
        element.currentTime = Math.min(place.atSeconds, element.duration || 0);
      // The browser may refuse to go on by itself; then the person presses play.
      if (place.playing) element.play().catch(() => {});
    },
    [video],
  );

  return { note, current, restore };
}
