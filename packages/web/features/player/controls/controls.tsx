/** The controls over the picture. Import it only dynamically, because it contains media-chrome. */
import "./elements.ts";
import type { Chapter } from "@rushes/core/source/schema";
import type { RefObject } from "react";
import type { HlsChoices } from "../use-hls.ts";
import { SettingsMenu } from "./settings-menu.tsx";
import { useChapters } from "./use-chapters.ts";
import { useEmbedApi } from "./use-embed-api.ts";
import { useMediaSession } from "./use-media-session.ts";
import { useMemory } from "./use-memory.ts";
import { useShortcuts } from "./use-shortcuts.ts";
import { useStoryboard } from "./use-storyboard.ts";

export { ShortcutsDialog } from "./shortcuts-dialog.tsx";

type Props = {
  video: RefObject<HTMLVideoElement | null>;
  title: string;
  poster: string | undefined;
  /** Names the video in what the browser remembers. */
  id: string | undefined;
  chapters: readonly Chapter[] | undefined;
  /** The newest signed URL of the stream, while it plays and is complete. */
  streamUrl: string | undefined;
  /** While an adaptive stream plays. */
  hls: HlsChoices | undefined;
  /** The user asks for the list of the keys. */
  onHelp(): void;
};

/** A gear, because three dots also stand for other menus. */
const GEAR =
  "M13.9 1h-3.8l-.5 2.6a7.6 7.6 0 0 0-1.9 1.1L5.2 4.8 3.3 8.1l2 1.8a7.6 7.6 0 0 0 0 2.2l-2 1.8 1.9 3.3 2.5-.9a7.6 7.6 0 0 0 1.9 1.1l.5 2.6h3.8l.5-2.6a7.6 7.6 0 0 0 1.9-1.1l2.5.9 1.9-3.3-2-1.8a7.6 7.6 0 0 0 0-2.2l2-1.8-1.9-3.3-2.5.9a7.6 7.6 0 0 0-1.9-1.1zM12 7.7a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6z";

/** media-chrome makes it a button, which may not be checked. It does so when the element is connected. */
const asSwitch = (element: HTMLElement | null) => element?.setAttribute("role", "switch");

/** Seek bar and buttons, as children of a `media-controller`, and the keyboard of the page. */
export function Controls(props: Props) {
  const { video, title, poster, id, chapters, streamUrl, hls, onHelp } = props;
  useMediaSession(video, title, poster);
  useMemory(video, id);
  useShortcuts(video, { frameRate: hls?.current?.frameRate, onHelp });
  useStoryboard(video, streamUrl);
  useChapters(video, chapters);
  useEmbedApi(video);
  return (
    <>
      <media-loading-indicator slot="centered-chrome" />
      <media-control-bar className="player-seek">
        <media-time-range>
          <media-preview-thumbnail slot="preview" />
          {/* Without chapters it would show the language of the page. */}
          {chapters ? <media-preview-chapter-display slot="preview" /> : null}
          <media-preview-time-display slot="preview" />
        </media-time-range>
      </media-control-bar>
      <media-control-bar className="player-bar">
        <media-play-button />
        <media-mute-button />
        <media-volume-range className="max-sm:hidden" />
        <media-time-display notoggle="" showduration="" role="timer" />
        <span className="grow" />
        <media-captions-button ref={asSwitch} />
        <media-settings-menu-button>
          <svg slot="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d={GEAR} />
          </svg>
        </media-settings-menu-button>
        <media-pip-button />
        <media-fullscreen-button />
      </media-control-bar>
      {/* After the bars, so that it lies over the seek bar. */}
      <SettingsMenu video={video} hls={hls} />
    </>
  );
}
