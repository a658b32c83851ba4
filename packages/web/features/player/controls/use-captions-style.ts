import { type RefObject, useEffect, useState } from "react";
import { BACKGROUNDS, type CaptionsStyle, recall, SIZES, store } from "./memory.ts";

const storage = () => localStorage;

/** The choices of a menu, with what it shows for each. */
export const SIZE_OPTIONS = SIZES.map((value) => ({
  value,
  label: { small: "Small", normal: "Normal", large: "Large", huge: "Very large" }[value],
}));
export const BACKGROUND_OPTIONS = BACKGROUNDS.map((value) => ({
  value,
  label: { dark: "Dark", half: "Half transparent", none: "None" }[value],
}));

/** Size and background of the captions, which the browser remembers. `globals.css` reads them from the element. */
export function useCaptionsStyle(video: RefObject<HTMLVideoElement | null>) {
  const [style, setStyle] = useState<CaptionsStyle>(() => recall(storage).style);
  useEffect(() => {
    if (!video.current) return;
    video.current.dataset.captionsSize = style.size;
    video.current.dataset.captionsBackground = style.background;
  }, [video, style]);
  return {
    style,
    choose(change: Partial<CaptionsStyle>) {
      const next = { ...style, ...change };
      setStyle(next);
      store(storage, (memory) => ({ ...memory, style: next }));
    },
  };
}
