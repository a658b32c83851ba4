import { type RefObject, useEffect, useMemo, useReducer, useRef } from "react";
import { browserAbilities, type OfferId, offersOf, type Playable } from "./offers.ts";
import { EMPTY, type PlayerState, playback } from "./playback-state.ts";
import { useGrowth } from "./use-growth.ts";
import { loadHls, useHls } from "./use-hls.ts";
import { usePosition } from "./use-position.ts";

/** The state of a player, and the handlers of its video element. `refresh` requests fresh URLs. */
export function usePlayer(
  video: RefObject<HTMLVideoElement | null>,
  info: Playable,
  refresh: () => void,
) {
  const position = usePosition(video);
  const offers = useMemo(() => offersOf(info, browserAbilities), [info]);
  const [state, dispatch] = useReducer(playback, EMPTY, (empty) =>
    playback(empty, { type: "offered", offers }),
  );
  // Another URL of the same picture would load it again.
  const poster = useRef(info.posterUrl);
  if (!isSamePicture(poster.current, info.posterUrl)) poster.current = info.posterUrl;

  const untouched = useRef(true);
  useEffect(() => {
    dispatch({
      type: "offered",
      offers,
      now: Date.now(),
      untouched: untouched.current,
      position: position.current(),
    });
  }, [offers, position]);
  useVideoEffects(video, state, refresh);

  const now = () => ({ offers, position: position.current(), now: Date.now() });
  const renewIfExpired = () => dispatch({ type: "needed", ...now() });
  const broke = () => dispatch({ type: "broke", ...now() });
  const adaptive = offers.find(({ id }) => id === "hls");
  const hls = useHls(video, state, { offer: adaptive, refresh, onFailed: broke });

  function choose(id: OfferId) {
    untouched.current = false;
    position.remember();
    dispatch({ type: "chosen", id, offers, position: position.current() });
  }
  const early = state.phase === "showing" && state.id === "original";
  // The original plays on while the code of the other player loads.
  useGrowth(video, early ? adaptive : undefined, () => {
    void loadHls().finally(() => choose("hls"));
  });

  return {
    state,
    offers,
    hls,
    poster: poster.current,
    choose,
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
      onError() {
        // hls.js recovers from errors of the element, and reports those that remain.
        if (state.phase !== "empty" && state.id !== "hls") broke();
      },
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

/** Whether two signed URLs are of one picture. A missing URL changes nothing. */
function isSamePicture(shown: string | undefined, url: string | undefined): boolean {
  const [path] = shown?.split("?") ?? [];
  return url === undefined || url.split("?")[0] === path;
}

/** Whether the element has loaded the data at its current time. */
function isBuffered({ buffered, currentTime }: HTMLVideoElement): boolean {
  return Array.from({ length: buffered.length }, (_, index) => index).some(
    (index) => buffered.start(index) <= currentTime && currentTime < buffered.end(index),
  );
}
