import type { RefObject } from "react";
import type { PlayerState } from "./playback-state.ts";
import type { usePosition } from "./use-position.ts";

type Input = {
  state: PlayerState;
  position: ReturnType<typeof usePosition>;
  /** The user has started to watch. */
  touch(): void;
  advance(): void;
  renewIfExpired(): void;
  broke(): void;
};

/** What the player does at each event of its video element. */
export function videoHandlers(video: RefObject<HTMLVideoElement | null>, input: Input) {
  const { state, position } = input;
  return {
    onLoadedMetadata() {
      if (state.phase !== "empty") position.restore(state.position);
    },
    onTimeUpdate() {
      position.remember();
      if (!video.current?.paused) input.advance();
    },
    onPlay() {
      input.touch();
      position.intend(true);
      position.remember();
      input.renewIfExpired();
    },
    onSeeking() {
      // The player itself seeks to the position that it restores.
      const { currentTime } = video.current ?? {};
      if (state.phase === "empty" || currentTime !== state.position.atSeconds) input.touch();
      position.remember();
      if (video.current && !isBuffered(video.current)) input.renewIfExpired();
    },
    onPause() {
      // The browser pauses an element that fails.
      if (!video.current?.error) position.intend(false);
      position.remember();
    },
    onRateChange: position.remember,
    onError() {
      // hls.js recovers from errors of the element, and reports those that remain.
      if (state.phase !== "empty" && state.id !== "hls") input.broke();
    },
  };
}

/** Whether the element has loaded the data at its current time. */
function isBuffered({ buffered, currentTime }: HTMLVideoElement): boolean {
  return Array.from({ length: buffered.length }, (_, index) => index).some(
    (index) => buffered.start(index) <= currentTime && currentTime < buffered.end(index),
  );
}
