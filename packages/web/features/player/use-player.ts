import type { Info } from "@rushes/core/playback/schema";
import { type RefObject, useEffect, useMemo, useReducer, useRef } from "react";
import { EMPTY, type Label, type PlayerState, playback } from "./playback-state.ts";
import { usePosition } from "./use-position.ts";

/** The signed URLs that a player needs. Visitors of a share link get no download URLs. */
export type Playable = Pick<Info, "expires" | "posterUrl"> & {
  renditions: Omit<Info["renditions"][number], "downloadUrl">[];
};

/** The state of a player, and the handlers of its video element. `refresh` requests fresh URLs. */
export function usePlayer(
  video: RefObject<HTMLVideoElement | null>,
  info: Playable,
  refresh: () => void,
) {
  const position = usePosition(video);
  const offers = useMemo(
    () => info.renditions.map((one) => ({ ...one, expiresAtMs: Date.parse(info.expires) })),
    [info],
  );
  const [state, dispatch] = useReducer(playback, EMPTY, (empty) =>
    playback(empty, { type: "offered", offers }),
  );
  // The first poster stays: another URL of the same picture would load it again.
  const poster = useRef(info.posterUrl);
  poster.current ??= info.posterUrl;

  const untouched = useRef(true);
  useEffect(() => {
    dispatch({ type: "offered", offers, now: Date.now(), untouched: untouched.current });
  }, [offers]);
  useVideoEffects(video, state, refresh);

  const now = () => ({ offers, position: position.current(), now: Date.now() });
  const renewIfExpired = () => dispatch({ type: "needed", ...now() });
  return {
    state,
    poster: poster.current,
    choose(label: Label) {
      untouched.current = false;
      position.remember();
      dispatch({ type: "chosen", label, offers, position: position.current() });
    },
    retry: () => dispatch({ type: "retried", position: position.current() }),
    handlers: {
      onLoadedMetadata() {
        if (state.phase !== "empty") position.restore(state.position);
      },
      onTimeUpdate() {
        position.remember();
        if (!video.current?.paused) dispatch({ type: "advanced" });
      },
      onPlay() {
        untouched.current = false;
        position.remember();
        renewIfExpired();
      },
      onSeeking() {
        untouched.current = false;
        position.remember();
        if (video.current && !isBuffered(video.current)) renewIfExpired();
      },
      onPause: position.remember,
      onRateChange: position.remember,
      onError: () => dispatch({ type: "broke", ...now() }),
    },
  };
}

/** Effects of state changes that the video element does not have itself. */
function useVideoEffects(
  video: RefObject<HTMLVideoElement | null>,
  state: PlayerState,
  refresh: () => void,
) {
  const refreshes = state.phase === "refreshing" ? state.refreshes : undefined;
  useEffect(() => {
    if (refreshes !== undefined) refresh();
  }, [refreshes, refresh]);

  const reloads = state.phase === "showing" ? state.reloads : 0;
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

/** Whether the element has loaded the data at its current time. */
function isBuffered({ buffered, currentTime }: HTMLVideoElement): boolean {
  return Array.from({ length: buffered.length }, (_, index) => index).some(
    (index) => buffered.start(index) <= currentTime && currentTime < buffered.end(index),
  );
}
