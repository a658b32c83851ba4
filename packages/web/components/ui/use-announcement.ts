import { useState } from "react";

/** The sentence of a dialog's own live region, and the function that announces one: a modal makes the page's inert. */
export function useAnnouncement(): [sentence: string, announce: (sentence: string) => void] {
  const [current, setCurrent] = useState("");
  // A repeated sentence would not be read again. A trailing no-break space makes it a new one.
  const announce = (sentence: string) =>
    setCurrent((before) => (before === sentence ? `${sentence}\u00a0` : sentence));
  return [current, announce];
}
