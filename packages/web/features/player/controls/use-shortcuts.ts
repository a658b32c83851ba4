import { type RefObject, useEffect, useRef } from "react";
import { type Command, commandOf, isTaken, timeAfter } from "./keyboard.ts";
import { doubleTap, type Tap } from "./touch.ts";

/** A stream that does not state its frame rate, and every MP4. */
const USUAL_FRAME_RATE = 30;

type Options = { frameRate: number | undefined; onHelp(): void };

/** Obeys the keys on the whole page, and double taps on the picture. */
export function useShortcuts(video: RefObject<HTMLVideoElement | null>, options: Options): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        const command = commandOf(event.key);
        const path = event.composedPath();
        if (!command || isTaken(event.key, path)) return;
        // Elsewhere, these keys scroll the page.
        const isInside = element.parentElement !== null && path.includes(element.parentElement);
        if (command.type === "volume" && !isInside) return;
        event.preventDefault();
        perform(command, element, latest.current);
      },
      { signal },
    );
    let last: Tap | undefined;
    element.parentElement?.addEventListener(
      "pointerup",
      ({ pointerType, timeStamp, clientX }) => {
        if (pointerType !== "touch") return;
        const { left, width } = element.getBoundingClientRect();
        const tap = { atMs: timeStamp, x: clientX - left };
        const bySeconds = doubleTap(last, tap, width);
        last = tap;
        if (bySeconds !== undefined) {
          perform({ type: "seek", bySeconds }, element, latest.current);
        }
      },
      { signal },
    );
    return () => listeners.abort();
  }, [video]);
}

function perform(command: Command, video: HTMLVideoElement, options: Options): void {
  const press = (button: string) =>
    video.parentElement?.querySelector<HTMLElement>(`media-${button}-button`)?.click();
  switch (command.type) {
    case "toggle":
      // The browser may block it without a click. Then the user presses play.
      if (video.paused) video.play().catch(() => {});
      else video.pause();
      return;
    case "mute":
    case "fullscreen":
    case "captions":
      press(command.type);
      return;
    case "help":
      options.onHelp();
      return;
    case "volume": {
      const detail = Math.min(1, Math.max(0, video.volume + command.by));
      // media-chrome also remembers it.
      video.parentElement?.dispatchEvent(new CustomEvent("mediavolumerequest", { detail }));
      return;
    }
    case "frame":
      video.pause();
      break;
    case "seek":
    case "fraction":
      break;
  }
  const { currentTime: seconds, duration } = video;
  const frameRate = options.frameRate ?? USUAL_FRAME_RATE;
  const to = timeAfter(command, { seconds, duration, frameRate });
  if (to !== undefined) video.currentTime = to;
}
