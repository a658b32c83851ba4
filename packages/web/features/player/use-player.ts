import { type RefObject, useEffect, useMemo, useReducer, useRef } from "react";
import { firstPosition } from "./first-position.ts";
import { loadHls } from "./load-hls.ts";
import { browserAbilities, type OfferId, offersOf, type Playable, videoOf } from "./offers.ts";
import { EMPTY, playback } from "./playback-state.ts";
import { useCompletion } from "./use-completion.ts";
import { useGrowth } from "./use-growth.ts";
import { useHls } from "./use-hls.ts";
import { usePosition } from "./use-position.ts";
import { usePoster } from "./use-poster.ts";
import { useVideoEffects } from "./use-video-effects.ts";
import { videoHandlers } from "./video-handlers.ts";

/** The state of a player, and the handlers of its video element. `refresh` requests fresh URLs. */
export function usePlayer(
  video: RefObject<HTMLVideoElement | null>,
  info: Playable,
  refresh: () => void,
) {
  const position = usePosition(video, () => firstPosition(videoOf(info)));
  const offers = useMemo(() => offersOf(info, browserAbilities), [info]);
  const [state, dispatch] = useReducer(playback, EMPTY, (empty) =>
    playback(empty, { type: "offered", offers, position: position.current() }),
  );
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
  const broke = () => dispatch({ type: "broke", ...now() });
  const adaptive = offers.find(({ id }) => id === "hls");
  const hls = useHls(video, state, { offer: adaptive, refresh, onFailed: broke });

  // Only the complete multivariant playlist names captions and preview pictures.
  useCompletion(video, info.complete, () => {
    // Any other content does not have the stream's playlist yet.
    if (state.phase !== "showing" || state.id !== "hls") return;
    position.remember();
    dispatch({ type: "completed", offers, position: position.current() });
  });

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
    poster: usePoster(info.posterUrl),
    choose,
    retry: () => dispatch({ type: "retried", position: position.current() }),
    handlers: videoHandlers(video, {
      state,
      position,
      touch() {
        untouched.current = false;
      },
      advance: () => dispatch({ type: "advanced" }),
      renewIfExpired: () => dispatch({ type: "needed", ...now() }),
      broke,
    }),
  };
}
