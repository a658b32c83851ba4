"use client";

import type { Info } from "@rushes/core/playback/schema";
import { useEffect, useMemo, useReducer, useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { EMPTY, inOrder, playback } from "./playback-state.ts";
import { RenditionPicker } from "./rendition-picker.tsx";
import { usePlace } from "./use-position.ts";

type Playable = Pick<Info, "expires" | "posterUrl"> & {
  renditions: Omit<Info["renditions"][number], "downloadUrl">[];
};
type Props = {
  title: string;
  playback: Playable;
  /** Asks for fresh addresses; they arrive as a new `playback`. */
  refresh(): void;
  /** Nothing but the picture, as large as what it stands in. */
  bare?: boolean;
  /** For somebody who was given it to watch: the browser's own menu offers no download. */
  lent?: boolean;
};

/** The player of a job. Give it a `key` of job and attempt: another attempt has other files. */
export function Player({ title, playback: info, refresh, bare = false, lent = false }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const place = usePlace(video);
  const offers = useMemo(
    () => info.renditions.map((one) => ({ ...one, ends: Date.parse(info.expires) })),
    [info],
  );
  const [state, dispatch] = useReducer(playback, EMPTY, (empty) =>
    playback(empty, { type: "offered", offers }),
  );
  const poster = useRef(info.posterUrl);
  poster.current ??= info.posterUrl;

  const untouched = useRef(true);
  useEffect(() => {
    dispatch({ type: "offered", offers, now: Date.now(), untouched: untouched.current });
  }, [offers]);

  const refreshes = state.phase === "refreshing" ? state.refreshes : undefined;
  useEffect(() => {
    if (refreshes !== undefined) refresh();
  }, [refreshes, refresh]);

  const reloads = state.phase === "showing" ? state.reloads : 0;
  useEffect(() => {
    if (reloads > 0) video.current?.load();
  }, [reloads]);

  const url = state.phase === "empty" ? undefined : state.url;
  useEffect(() => {
    const element = url === undefined ? null : video.current;
    return () => {
      // An element that has left the page loads on, and may sound, until somebody collects it.
      if (!element || element.isConnected) return;
      element.removeAttribute("src");
      element.load();
    };
  }, [url]);

  if (state.phase === "empty") return null;

  const need = () => dispatch({ type: "needed", offers, place: place.current(), now: Date.now() });

  function played() {
    untouched.current = false;
    place.note();
    need();
  }

  function sought() {
    untouched.current = false;
    place.note();
    if (video.current && !isBuffered(video.current)) need();
  }

  return (
    <div className={bare ? "h-full" : "space-y-3"} data-player={state.phase}>
      <div className={cx("relative overflow-hidden bg-screen", bare ? "h-full" : "rounded-frame")}>
        {/* biome-ignore lint/a11y/useMediaCaption: people's own videos come without captions; a captions rendition will bring the track. */}
        <video
          ref={video}
          src={state.url}
          poster={poster.current}
          controls
          controlsList={lent ? "nodownload" : undefined}
          playsInline
          preload="metadata"
          aria-label={`${title}, ${state.label}`}
          className={bare ? "size-full" : "aspect-video max-h-[75dvh] w-full"}
          onLoadedMetadata={() => place.restore(state.place)}
          onTimeUpdate={() => {
            place.note();
            if (!video.current?.paused) dispatch({ type: "advanced" });
          }}
          onPlay={played}
          onSeeking={sought}
          onPause={place.note}
          onRateChange={place.note}
          onError={() =>
            dispatch({ type: "broke", offers, place: place.current(), now: Date.now() })
          }
        />
        {state.phase === "failed" ? (
          <div
            role="alert"
            className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-screen p-4 text-center text-white"
          >
            <p>This rendition cannot be played right now.</p>
            <Button onClick={() => dispatch({ type: "again", place: place.current() })}>
              Try again
            </Button>
          </div>
        ) : null}
      </div>
      {bare ? null : (
        <RenditionPicker
          choices={inOrder(info.renditions)}
          value={state.label}
          onChoose={(label) => {
            untouched.current = false;
            place.note();
            dispatch({ type: "chosen", label, offers, place: place.current() });
          }}
        />
      )}
    </div>
  );
}

/** Whether what stands at the element's time is here already. */
function isBuffered({ buffered, currentTime }: HTMLVideoElement): boolean {
  return Array.from({ length: buffered.length }, (_, at) => at).some(
    (at) => buffered.start(at) <= currentTime && currentTime < buffered.end(at),
  );
}
