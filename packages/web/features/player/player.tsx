"use client";

import type { Info } from "@rushes/core/playback/schema";
import { useEffect, useReducer, useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { EMPTY, inOrder, playback } from "./playback-state.ts";
import { RenditionPicker } from "./rendition-picker.tsx";
import { usePlace } from "./use-place.ts";

type Props = {
  title: string;
  playback: Info;
  /** Asks for fresh addresses; they arrive as a new `playback`. */
  refresh(): void;
};

/** The player of a job. Give it a `key` of job and attempt: another attempt has other files. */
export function Player({ title, playback: info, refresh }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const place = usePlace(video);
  const [state, dispatch] = useReducer(playback, EMPTY, (empty) =>
    playback(empty, { type: "offered", offers: info.renditions }),
  );
  const poster = useRef(info.posterUrl);
  poster.current ??= info.posterUrl;

  useEffect(() => dispatch({ type: "offered", offers: info.renditions }), [info.renditions]);

  const refreshes = state.phase === "refreshing" ? state.refreshes : undefined;
  useEffect(() => {
    if (refreshes !== undefined) refresh();
  }, [refreshes, refresh]);

  if (state.phase === "empty") return null;

  /** Playing on with an address that has ended would fail at the next range: exchange it first. */
  function played() {
    place.note();
    if (Date.parse(info.expires) <= Date.now()) dispatch({ type: "broke", place: place.current() });
  }

  return (
    <div className="space-y-3" data-player={state.phase}>
      <div className="relative overflow-hidden rounded-frame bg-screen">
        {/* biome-ignore lint/a11y/useMediaCaption: people's own videos come without captions; a captions rendition will bring the track. */}
        <video
          ref={video}
          src={state.url}
          poster={poster.current}
          controls
          playsInline
          preload="metadata"
          aria-label={`${title}, ${state.label}`}
          className="aspect-video max-h-[75dvh] w-full"
          onLoadedMetadata={() => place.restore(state.place)}
          onTimeUpdate={() => {
            place.note();
            if (!video.current?.paused) dispatch({ type: "advanced" });
          }}
          onPlay={played}
          onPause={place.note}
          onRateChange={place.note}
          onError={() => dispatch({ type: "broke", place: place.current() })}
        />
        {state.phase === "failed" ? (
          <div
            role="alert"
            className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-screen p-4 text-center text-white"
          >
            <p>This rendition does not play right now.</p>
            <Button onClick={() => dispatch({ type: "again", place: place.current() })}>
              Try again
            </Button>
          </div>
        ) : null}
      </div>
      <RenditionPicker
        choices={inOrder(info.renditions)}
        value={state.label}
        onChoose={(label) => {
          place.note();
          dispatch({ type: "chosen", label, offers: info.renditions, place: place.current() });
        }}
      />
    </div>
  );
}
