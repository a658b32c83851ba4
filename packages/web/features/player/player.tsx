"use client";

import { useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { inOrder } from "./playback-state.ts";
import { RenditionPicker } from "./rendition-picker.tsx";
import { type Playable, usePlayer } from "./use-player.ts";

type Props = {
  title: string;
  playback: Playable;
  /** Requests fresh URLs. They arrive as a new `playback`. */
  refresh(): void;
  /** Shows the picture only, as large as its container. */
  fill?: boolean;
  /** Hides the download from the browser's own menu, for visitors of a share link. */
  hideDownload?: boolean;
};

/** The player of a job. Give it a `key` of job and attempt: another attempt has other files. */
export function Player({ title, playback, refresh, fill = false, hideDownload = false }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const { state, poster, handlers, choose, retry } = usePlayer(video, playback, refresh);
  if (state.phase === "empty") return null;
  return (
    <div className={fill ? "h-full" : "space-y-3"} data-player={state.phase}>
      <div className={cx("relative overflow-hidden bg-screen", fill ? "h-full" : "rounded-frame")}>
        {/* No track: users' videos come without captions. A captions rendition will bring one. */}
        <video
          ref={video}
          src={state.url}
          poster={poster}
          controls
          controlsList={hideDownload ? "nodownload" : undefined}
          playsInline
          preload="metadata"
          aria-label={`${title}, ${state.label}`}
          className={fill ? "size-full" : "aspect-video max-h-[75dvh] w-full"}
          {...handlers}
        />
        {state.phase === "failed" ? <Failed onRetry={retry} /> : null}
      </div>
      {fill ? null : (
        <RenditionPicker
          choices={inOrder(playback.renditions)}
          value={state.label}
          onChoose={choose}
        />
      )}
    </div>
  );
}

function Failed({ onRetry }: { onRetry(): void }) {
  return (
    <div
      role="alert"
      className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-screen p-4 text-center text-white"
    >
      <p>This rendition cannot be played right now.</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}
