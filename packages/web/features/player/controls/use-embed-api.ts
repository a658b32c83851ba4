import { type RefObject, useEffect } from "react";
import { commandIn, EMBED_EVENTS } from "./embed-message.ts";

/** Obeys the page that contains this one in a frame, and reports to it. Only the sites of the link can be that page. */
export function useEmbedApi(video: RefObject<HTMLVideoElement | null>): void {
  useEffect(() => {
    const element = video.current;
    const { parent } = window;
    if (!element || parent === window) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    const report = (type: (typeof EMBED_EVENTS)[keyof typeof EMBED_EVENTS]) => {
      const { currentTime: seconds, duration } = element;
      // Nothing in it is secret, and `frame-ancestors` names who may frame the page.
      parent.postMessage({ rushes: type, seconds, duration }, "*");
    };
    for (const [event, type] of Object.entries(EMBED_EVENTS)) {
      element.addEventListener(event, () => report(type), { signal });
    }
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) report("ready");
    window.addEventListener(
      "message",
      ({ source, data }) => {
        const command = source === parent ? commandIn(data) : undefined;
        if (command?.type === "seek") element.currentTime = command.seconds;
        if (command?.type === "pause") element.pause();
        // The browser may block it without a click. Then the user presses play.
        if (command?.type === "play") element.play().catch(() => {});
      },
      { signal },
    );
    return () => listeners.abort();
  }, [video]);
}
