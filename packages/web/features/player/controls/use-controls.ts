import { type RefObject, startTransition, useEffect, useState } from "react";
import { loadControls } from "./load-controls.ts";

type Loaded = Awaited<ReturnType<typeof loadControls>>;

/** The controls do not wait longer for the first picture. */
const LATEST_MS = 1_000;

/** What a person does who may want the controls. */
const INTERACTIONS = ["pointermove", "pointerdown", "keydown", "focusin"];

/** Calls `start` once: after the first picture, at the first interaction with the page, or after a second. */
function whenWanted(video: HTMLVideoElement | null, start: () => void, gone: AbortSignal): void {
  const over = new AbortController();
  const signal = AbortSignal.any([gone, over.signal]);
  const now = () => {
    if (signal.aborted) return;
    over.abort();
    start();
  };
  const timer = setTimeout(now, LATEST_MS);
  signal.addEventListener("abort", () => clearTimeout(timer));
  for (const type of INTERACTIONS) document.addEventListener(type, now, { signal });
  if (!video || video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) now();
  // A frame later, so that the browser shows the picture before it runs their code.
  video?.addEventListener("loadeddata", () => requestAnimationFrame(() => setTimeout(now)), {
    signal,
  });
}

/**
 * The controls once they are loaded. Their code runs after the first picture, which would have to wait for it. If they
 * cannot be loaded, the browser shows its own.
 */
export function useControls(video: RefObject<HTMLVideoElement | null>): {
  loaded: Loaded | undefined;
  failed: boolean;
} {
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    const load = () => {
      loadControls().then(
        // In several tasks, because the browser creates all their elements.
        (module) => !signal.aborted && startTransition(() => setLoaded(module)),
        () => !signal.aborted && setFailed(true),
      );
    };
    whenWanted(video.current, load, signal);
    return () => gone.abort();
  }, [video]);
  return { loaded, failed };
}
