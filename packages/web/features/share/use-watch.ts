"use client";

import { LIFE_SECONDS } from "@rushes/core/share/life";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { byLocalClock } from "../player/renewal.ts";
import { open } from "./watch-request.ts";
import type { WatchResult } from "./watch-result.ts";
import { ASKING, askAgainMs, type State, watch } from "./watch-state.ts";

/** The page is hidden and the video is paused: a new response would expire unused. */
function isIdle(): boolean {
  return document.hidden && document.querySelector("video")?.paused !== false;
}

/** The answer with its expiry by this machine's clock. */
function withLocalExpiry(answer: WatchResult, requestedMs: number): WatchResult {
  if (answer.type !== "opened") return answer;
  const { video } = answer;
  const playback = byLocalClock(video.playback, { requestedMs, lifeSeconds: LIFE_SECONDS });
  return { ...answer, video: { ...video, playback } };
}

/** The state with which the page begins. The browser requested the HTML, and `first` with it, at its time zero. */
function begin(first: WatchResult | undefined): State {
  if (!first) return ASKING;
  const answer = withLocalExpiry(first, Date.now() - performance.now());
  return watch(ASKING, { answer, guessed: false });
}

/**
 * A shared video for its visitor. It is requested repeatedly, because access may end at any time. `first` is what the
 * HTML says about it.
 */
export function useWatch(address: string, first: WatchResult | undefined) {
  const [state, dispatch] = useReducer(watch, first, begin);
  const [busy, setBusy] = useState(false);
  const pass = useRef<string>(undefined);
  const asking = useRef<AbortController>(undefined);

  const ask = useCallback(
    async (password?: string) => {
      // A password that a visitor submits replaces a request in flight. Otherwise one request is enough.
      if (asking.current && password === undefined) return;
      asking.current?.abort();
      const controller = new AbortController();
      asking.current = controller;
      setBusy(true);
      const requestedMs = Date.now();
      const body =
        password !== undefined ? { password } : pass.current ? { pass: pass.current } : {};
      const answer = await open(address, body, controller.signal).catch(() => undefined);
      if (asking.current !== controller) return;
      asking.current = undefined;
      setBusy(false);
      if (!answer) return;
      if (answer.type === "opened") pass.current = answer.video.pass;
      dispatch({ answer: withLocalExpiry(answer, requestedMs), guessed: password !== undefined });
    },
    [address],
  );

  const hasFirst = first !== undefined;
  useEffect(() => {
    if (!hasFirst) void ask();
    return () => {
      asking.current?.abort();
      asking.current = undefined;
    };
  }, [ask, hasFirst]);

  useEffect(() => {
    const waitMs = askAgainMs(state);
    if (waitMs === undefined) return;
    const dying = new AbortController();
    const timer = setTimeout(() => {
      if (!isIdle()) return void ask();
      const { signal } = dying;
      document.addEventListener("visibilitychange", () => void ask(), { once: true, signal });
    }, waitMs);
    return () => {
      clearTimeout(timer);
      dying.abort();
    };
  }, [state, ask]);

  const refresh = useCallback(() => void ask(), [ask]);
  return { state, busy, ask, refresh };
}
