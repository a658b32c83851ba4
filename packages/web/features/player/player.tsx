"use client";

import { useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { type Choice, choiceName, ORIGINAL } from "./choice-view.ts";
import type { OfferId, Playable } from "./offers.ts";
import { QualitySelect } from "./quality-select.tsx";
import { RenditionPicker } from "./rendition-picker.tsx";
import { useCaptions } from "./use-captions.ts";
import { usePlayer } from "./use-player.ts";

type Props = {
  title: string;
  playback: Playable;
  /** Requests fresh URLs. They arrive as a new `playback`. */
  refresh(): void;
  /** Fills its container, with the choice of quality over the picture. */
  fill?: boolean;
  /** Hides the download from the browser's own menu, for visitors of a share link. */
  hideDownload?: boolean;
};

/**
 * The player of a job: adaptive HLS, MP4s, or the original while it is being encoded, whichever is there. Give it a
 * `key` of job and attempt: another attempt has other files.
 */
export function Player({ title, playback, refresh, fill = false, hideDownload = false }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const player = usePlayer(video, playback, refresh);
  const { state, poster, hls, handlers } = player;
  const tracks = useCaptions(playback.captions);
  if (state.phase === "empty") return playback.hls ? <Unplayable fill={fill} /> : null;
  const adaptive = state.id === "hls";
  const name = adaptive ? "" : `, ${choiceName(choiceOf(state.id, playback))}`;
  return (
    <div
      className={fill ? "h-full" : "space-y-3"}
      data-player={state.phase}
      data-source={state.id}
      data-level={adaptive ? hls.current?.height : undefined}
    >
      <div className={cx("relative overflow-hidden bg-screen", fill ? "h-full" : "rounded-frame")}>
        <video
          ref={video}
          // hls.js sets the source of the element itself.
          src={adaptive ? undefined : state.url}
          poster={poster}
          controls
          controlsList={hideDownload ? "nodownload" : undefined}
          playsInline
          preload="metadata"
          aria-label={`${title}${name}`}
          className={fill ? "size-full" : "aspect-video max-h-[75dvh] w-full"}
          {...handlers}
        >
          {tracks.map(({ id, language, name: label, src }) => (
            <track key={id} kind="captions" src={src} srcLang={language} label={label} />
          ))}
        </video>
        <Waiting shown={hls.waiting} />
        {state.phase === "failed" ? (
          <Failed original={state.id === "original"} onRetry={player.retry} />
        ) : null}
        {fill && state.phase !== "failed" ? (
          <div className="absolute top-3 right-3">
            <Quality player={player} playback={playback} over />
          </div>
        ) : null}
      </div>
      {fill ? null : <Quality player={player} playback={playback} />}
    </div>
  );
}

function choiceOf(id: OfferId, { renditions }: Playable): Choice {
  const { width, height } = renditions.find(({ label }) => label === id) ?? {};
  return { id, width, height };
}

type QualityProps = {
  player: ReturnType<typeof usePlayer>;
  playback: Playable;
  over?: boolean;
};

/** What plays, and the choice of something else. Over the picture, only what is needed. */
function Quality({ player, playback, over = false }: QualityProps) {
  const { state, offers, hls, choose } = player;
  if (state.phase === "empty") return null;
  if (state.id === "hls") {
    if (over && hls.levels.length < 2) return null;
    const { levels, current, chosen } = hls;
    return <QualitySelect {...{ levels, current, chosen, over }} onChoose={hls.choose} />;
  }
  const files = offers.filter(({ id }) => id !== "hls");
  if (state.id === "original" && (over || files.length === 1)) {
    return (
      <p
        className={cx(
          "flex min-h-9 items-center text-sm pointer-coarse:min-h-11",
          over ? "rounded-lg bg-black/75 px-3 text-white" : "text-muted",
        )}
      >
        {ORIGINAL}
      </p>
    );
  }
  if (over) return null;
  const choices = files.map(({ id }) => choiceOf(id, playback));
  return <RenditionPicker choices={choices} value={state.id} onChoose={choose} />;
}

/** Announced when the playhead has to wait for the encoder. */
function Waiting({ shown }: { shown: boolean }) {
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-4 bottom-20 flex justify-center text-center text-sm text-white"
    >
      {shown ? (
        <p className="rounded-lg bg-black/75 px-3 py-2">
          The rest of the video is still being encoded. Playback continues by itself.
        </p>
      ) : null}
    </div>
  );
}

const COVER =
  "flex flex-col items-center justify-center gap-3 bg-screen p-4 text-center text-white";

function Failed({ original, onRetry }: { original: boolean; onRetry(): void }) {
  return (
    <div role="alert" className={cx("absolute inset-0", COVER)}>
      <p>
        {original
          ? "This browser cannot play the original. The video plays here as soon as its first part is encoded."
          : "This video cannot be played right now."}
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

function Unplayable({ fill }: { fill: boolean }) {
  return (
    <div role="alert" className={cx(COVER, fill ? "h-full" : "aspect-video rounded-frame")}>
      <p>This browser cannot play adaptive video. Open this page in a current browser.</p>
    </div>
  );
}
