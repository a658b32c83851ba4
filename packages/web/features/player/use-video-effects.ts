import { type RefObject, useEffect } from "react";
import type { PlayerState } from "./playback-state.ts";

/** Effects of state changes that the video element does not have itself. */
export function useVideoEffects(
  video: RefObject<HTMLVideoElement | null>,
  state: PlayerState,
  refresh: () => void,
): void {
  const refreshes = state.phase === "refreshing" ? state.refreshes : undefined;
  useEffect(() => {
    if (refreshes !== undefined) refresh();
  }, [refreshes, refresh]);

  // hls.js starts again by itself.
  const reloads = state.phase === "showing" && state.id !== "hls" ? state.reloads : 0;
  useEffect(() => {
    if (reloads > 0) video.current?.load();
  }, [reloads, video]);

  const url = state.phase === "empty" ? undefined : state.url;
  useEffect(() => {
    const element = url === undefined ? null : video.current;
    return () => {
      // A removed element keeps loading and playing until it is garbage collected.
      if (!element || element.isConnected) return;
      element.removeAttribute("src");
      element.load();
    };
  }, [url, video]);
}
