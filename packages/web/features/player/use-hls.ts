import { type RefObject, useEffect, useRef, useState } from "react";
import type { HlsEngine } from "./hls-engine.ts";
import type { Level } from "./level-view.ts";
import type { Offer } from "./offers.ts";
import type { PlayerState } from "./playback-state.ts";
import { SignedFolder } from "./signed-folder.ts";

/** The playhead is this close to the last encoded second when it has to wait for the encoder. */
const EDGE_SECONDS = 1;

/** Loads hls.js, which is larger than a page: only once HLS plays. */
export const loadHls = () => import("./hls-engine.ts");

/** The state of hls.js in the video element, while the player shows HLS. */
export function useHls(
  video: RefObject<HTMLVideoElement | null>,
  state: PlayerState,
  input: { offer: Offer | undefined; refresh(): void; onFailed(): void },
) {
  const [levels, setLevels] = useState<Level[]>([]);
  const [current, setCurrent] = useState<number>();
  const [chosen, setChosen] = useState<number>();
  const engine = useRef<HlsEngine>(undefined);
  const folder = useRef<SignedFolder>(undefined);
  const latest = useRef({ state, chosen, ...input });
  latest.current = { state, chosen, ...input };

  // A new value starts the engine again: another URL, or the same one after a failure.
  const run =
    state.phase === "showing" && state.id === "hls" ? `${state.reloads} ${state.url}` : undefined;
  useEffect(() => {
    const element = video.current;
    const { state: from, offer } = latest.current;
    if (run === undefined || !element || from.phase !== "showing") return;
    const stopped = new AbortController();
    const signed = new SignedFolder(from, () => latest.current.refresh());
    if (offer) signed.renew(offer);
    folder.current = signed;
    const failed = () => {
      if (!stopped.signal.aborted) latest.current.onFailed();
    };
    loadHls().then(({ startHls }) => {
      if (stopped.signal.aborted) return;
      engine.current = startHls(element, {
        url: from.url,
        folder: signed,
        startSeconds: from.position.atSeconds,
        level: latest.current.chosen,
        onLevels: setLevels,
        onLevel: setCurrent,
        onFailed: failed,
      });
    }, failed);
    return () => {
      stopped.abort();
      engine.current?.destroy();
      engine.current = undefined;
    };
  }, [run, video]);

  const { offer } = input;
  useEffect(() => {
    if (offer) folder.current?.renew(offer);
  }, [offer]);

  return {
    levels,
    current: levels.find(({ index }) => index === current),
    chosen,
    choose(index: number | undefined) {
      setChosen(index);
      engine.current?.setLevel(index);
    },
    waiting: useWaiting(video, engine, run),
  };
}

/** True while the playhead waits at the end of what is encoded so far. */
function useWaiting(
  video: RefObject<HTMLVideoElement | null>,
  engine: RefObject<HlsEngine | undefined>,
  run: string | undefined,
): boolean {
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element || run === undefined) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    const check = () => {
      const edge = engine.current?.growingTo();
      setWaiting(edge !== undefined && edge - element.currentTime < EDGE_SECONDS);
    };
    element.addEventListener("waiting", check, { signal });
    for (const event of ["playing", "seeking", "ended", "emptied"]) {
      element.addEventListener(event, () => setWaiting(false), { signal });
    }
    return () => {
      listeners.abort();
      setWaiting(false);
    };
  }, [video, engine, run]);
  return waiting;
}
