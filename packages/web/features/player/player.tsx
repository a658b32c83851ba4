"use client";

import { type RefObject, useId, useRef, useState } from "react";
import { cx } from "../../components/ui/class.ts";
import { type Choice, choiceName, ORIGINAL } from "./choice-view.ts";
import { useControls } from "./controls/use-controls.ts";
import { Downloads } from "./downloads.tsx";
import { Failed, Unplayable, Waiting } from "./messages.tsx";
import { type OfferId, type Playable, videoOf } from "./offers.ts";
import { RenditionPicker } from "./rendition-picker.tsx";
import { startOptions } from "./start-options.ts";
import { useCaptions } from "./use-captions.ts";
import { usePlayer } from "./use-player.ts";
import { Waveform } from "./waveform.tsx";

export { beginStream } from "./early-stream.ts";

export type Props = {
  title: string;
  playback: Playable;
  /** Requests fresh URLs. They arrive as a new `playback`. */
  refresh(): void;
  /** Fills its container, with the choice of quality over the picture. */
  fill?: boolean;
  /** Of a share link. The browser's own menu has no download for them, and the page has those that the link allows. */
  isVisitor?: boolean;
};

/**
 * The player of a job: adaptive HLS, MP4s, or the original while it is being encoded, whichever is there. Give it a
 * `key` of job and attempt: another attempt has other files.
 */
export function Player(props: Props) {
  const { playback, refresh, fill = false } = props;
  const video = useRef<HTMLVideoElement>(null);
  const frame = useId();
  const player = usePlayer(video, playback, refresh);
  const controls = useControls(video);
  const [help, setHelp] = useState(false);
  const { state, hls } = player;
  if (state.phase === "empty") return playback.hls ? <Unplayable fill={fill} /> : null;
  const adaptive = state.id === "hls";
  return (
    <div
      className={fill ? "h-full" : "space-y-3"}
      data-player={state.phase}
      data-source={state.id}
      data-level={adaptive ? hls.current?.height : undefined}
    >
      <div
        id={frame}
        className={cx(
          "player relative overflow-hidden bg-screen",
          fill ? "h-full" : "rounded-frame",
        )}
      >
        {hasOnlySound(player) ? <Waveform /> : null}
        <Screen {...props} {...{ video, frame, player, controls }} onHelp={() => setHelp(true)} />
        <Waiting shown={hls.waiting} />
        {state.id === "original" && state.phase !== "failed" ? (
          <p className="pointer-events-none absolute top-3 right-3 rounded-lg bg-black/75 px-3 py-1.5 text-sm text-white">
            {ORIGINAL}
          </p>
        ) : null}
        {state.phase === "failed" ? (
          <Failed original={state.id === "original"} onRetry={player.retry} />
        ) : null}
      </div>
      {controls.loaded ? (
        <controls.loaded.ShortcutsDialog open={help} onClose={() => setHelp(false)} />
      ) : null}
      {fill ? null : <Files player={player} playback={playback} />}
      {props.isVisitor && !fill ? <Downloads renditions={playback.renditions} /> : null}
    </div>
  );
}

type ScreenProps = Props & {
  video: RefObject<HTMLVideoElement | null>;
  /** The id of the element that is shown in full screen. */
  frame: string;
  player: ReturnType<typeof usePlayer>;
  controls: ReturnType<typeof useControls>;
  onHelp(): void;
};

/** The video element, with the controls over it once they are loaded. */
function Screen(props: ScreenProps) {
  const { title, playback, video, player, controls, fill = false } = props;
  const { state, poster, hls, handlers } = player;
  const [start] = useState(() => startOptions(globalThis.location?.search ?? ""));
  const { loaded, failed } = controls;
  // Nobody needs them before the first picture.
  const tracks = useCaptions(loaded || failed ? playback.captions : undefined);
  if (state.phase === "empty") return null;
  const adaptive = state.id === "hls";
  const name = adaptive ? "" : `, ${choiceName(choiceOf(state.id, playback))}`;
  return (
    <media-controller
      fullscreenelement={props.frame}
      nohotkeys=""
      nosubtitleslangpref=""
      // An embed that starts muted must not mute the next video.
      nomutedpref={start.muted ? "" : undefined}
      className={cx("block", fill ? "size-full" : "aspect-video max-h-[75dvh] w-full")}
    >
      <video
        ref={video}
        slot="media"
        // hls.js sets the source of the element itself.
        src={adaptive ? undefined : state.url}
        poster={poster}
        controls={failed}
        controlsList={props.isVisitor ? "nodownload" : undefined}
        muted={start.muted}
        loop={start.loop}
        playsInline
        preload="metadata"
        aria-label={`${title}${name}`}
        className="size-full"
        {...handlers}
      >
        {tracks.map(({ id, language, name: label, src }) => (
          <track key={id} kind="captions" src={src} srcLang={language} label={label} />
        ))}
      </video>
      {loaded ? (
        <loaded.Controls
          {...{ video, title, poster }}
          id={videoOf(playback)}
          chapters={playback.chapters}
          streamUrl={adaptive && playback.complete ? playback.hls?.url : undefined}
          hls={adaptive ? hls : undefined}
          onHelp={props.onHelp}
        />
      ) : null}
    </media-controller>
  );
}

function choiceOf(id: OfferId, { renditions }: Playable): Choice {
  const { width, height } = renditions.find(({ label }) => label === id) ?? {};
  return { id, width, height };
}

function hasOnlySound({ state, hls }: ReturnType<typeof usePlayer>): boolean {
  if (state.phase === "empty") return false;
  if (state.id !== "hls") return state.id === "audio";
  return hls.levels.length > 0 && hls.levels.every(({ height }) => height === 0);
}

type FilesProps = { player: ReturnType<typeof usePlayer>; playback: Playable };

/** The choice of a file, below the picture. A stream has its levels in the menu instead. */
function Files({ player, playback }: FilesProps) {
  const { state, offers, choose } = player;
  const files = offers.filter(({ id }) => id !== "hls");
  if (state.phase === "empty" || state.id === "hls" || files.length < 2) return null;
  const choices = files.map(({ id }) => choiceOf(id, playback));
  return <RenditionPicker choices={choices} value={state.id} onChoose={choose} />;
}
