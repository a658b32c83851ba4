/** Plays HLS in a video element. Import it only dynamically, because it contains hls.js. */
import Hls, { type ErrorData } from "hls.js";
import type { Level } from "./level-view.ts";
import type { SignedFolder } from "./signed-folder.ts";

/** A language or version of the sound. `id` is its number in the player. */
export type AudioTrack = { id: number; name: string };

export interface HlsEvents {
  /** The heights of quality that the video has, best first. */
  onLevels(levels: Level[]): void;
  /** The level of the picture that is on the screen. */
  onLevel(index: number): void;
  /** The versions of the sound, and the one that plays. */
  onAudioTracks(tracks: AudioTrack[], current: number): void;
  /** It cannot continue. */
  onFailed(): void;
}

export interface HlsEngine {
  /** Plays only this level, or lets the player choose if it is undefined. The position stays the same. */
  setLevel(index: number | undefined): void;
  setAudioTrack(id: number): void;
  /** The last second that is encoded, while the video grows. */
  growingTo(): number | undefined;
  destroy(): void;
}

export interface HlsOptions extends HlsEvents {
  url: string;
  folder: SignedFolder;
  startSeconds: number;
  level: number | undefined;
  /** The name of the chosen version of the sound. */
  audio: string | undefined;
}

/** Before the user plays or seeks, only as much is loaded as the first picture needs: one or two segments. */
const FIRST_SECONDS = 1;

type Source = Pick<HlsOptions, "url" | "folder" | "startSeconds" | "audio">;

/** A stream that loads. `signing.folder` signs its next request. */
type Loading = { hls: Hls; source: Source; signing: Pick<Source, "folder"> };

/** The stream of the page that its player has not taken over yet. */
let early: Loading | undefined;

/**
 * Loads the playlists and the first segments of a stream before its element is on the page. `startHls` with the same URL
 * and position continues. A growing stream would be requested again and again if it is never shown.
 */
export function prepareHls(source: Source): void {
  dropEarly();
  const loading = load(source);
  early = loading;
  const { hls } = loading;
  // The player tries again, and reports an error that it finds.
  hls.on(Hls.Events.ERROR, (_, { fatal }: ErrorData) => {
    if (fatal && early === loading) dropEarly();
  });
  // The player's own limit needs the size of its element.
  hls.once(Hls.Events.MANIFEST_PARSED, () => {
    const width = window.innerWidth * window.devicePixelRatio;
    hls.autoLevelCapping = hls.levels.findIndex((level) => level.width >= width);
  });
}

function dropEarly(): void {
  early?.hls.destroy();
  early = undefined;
}

/** The stream that `prepareHls` has begun, if it is this one. */
function takeEarly(source: Source): Hls | undefined {
  const taken = early;
  early = undefined;
  if (!taken) return undefined;
  const { url, startSeconds } = taken.source;
  if (url !== source.url || startSeconds !== source.startSeconds || source.audio !== undefined) {
    taken.hls.destroy();
    return undefined;
  }
  taken.signing.folder = source.folder;
  return taken.hls;
}

/** Loads the multivariant playlist, and what plays first. */
function load(source: Source): Loading {
  const { url, folder, startSeconds, audio } = source;
  const signing = { folder };
  const hls = new Hls({
    // CMAF segments are passed on as they are, so a worker would only cost time, and a rule for blob: scripts.
    enableWorker: false,
    // A playlist that grows counts as live, and would otherwise start near its end.
    startPosition: startSeconds,
    // The first segments load while the element is attached.
    startFragPrefetch: true,
    lowLatencyMode: false,
    // A small player needs no large picture.
    capLevelToPlayerSize: true,
    enableInterstitialPlayback: false,
    maxMaxBufferLength: FIRST_SECONDS,
    audioPreference: audio === undefined ? undefined : { name: audio },
    async xhrSetup(xhr, address) {
      xhr.open("GET", await signing.folder.sign(address), true);
    },
  });
  hls.loadSource(url);
  return { hls, source, signing };
}

/** Plays the multivariant playlist in the element, until it is destroyed. */
export function startHls(video: HTMLVideoElement, options: HlsOptions): HlsEngine {
  const hls = takeEarly(options) ?? load(options).hls;
  listen(hls, options);
  loadMoreWhenWatched(hls, video, options.startSeconds);
  hls.attachMedia(video);
  return {
    setLevel(index) {
      if (index === undefined) hls.loadLevel = -1;
      else hls.currentLevel = index;
    },
    setAudioTrack(id) {
      hls.audioTrack = id;
    },
    growingTo() {
      const details = hls.latestLevelDetails;
      return details?.live ? details.edge : undefined;
    },
    destroy: () => hls.destroy(),
  };
}

/** Loads as far ahead as usual as soon as the video plays, or the user seeks. hls.js reads the limit each time. */
function loadMoreWhenWatched(hls: Hls, video: HTMLVideoElement, startSeconds: number): void {
  const listeners = new AbortController();
  const { signal } = listeners;
  const loadMore = () => {
    listeners.abort();
    hls.config.maxMaxBufferLength = Hls.DefaultConfig.maxMaxBufferLength;
  };
  hls.on(Hls.Events.DESTROYING, () => listeners.abort());
  if (!video.paused) loadMore();
  video.addEventListener("play", loadMore, { signal });
  video.addEventListener(
    "seeking",
    () => {
      // The player itself seeks to where the video begins.
      if (Math.abs(video.currentTime - startSeconds) > FIRST_SECONDS) loadMore();
    },
    { signal },
  );
}

/** Reports the choices of the stream, and recovers once from an error of the decoder. */
function listen(hls: Hls, options: HlsOptions): void {
  const { onLevels, onLevel, onAudioTracks, onFailed } = options;
  let recovered = false;
  const reportLevels = () => {
    onLevels(
      hls.levels
        .map(({ width, height, frameRate }, index) => ({ index, width, height, frameRate }))
        .reverse(),
    );
    if (options.level !== undefined) hls.currentLevel = options.level;
  };
  hls.on(Hls.Events.MANIFEST_PARSED, reportLevels);
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => onLevel(level));
  const reportAudio = () => {
    const tracks = hls.audioTracks.map(({ id, name }) => ({ id, name }));
    onAudioTracks(tracks, hls.audioTrack);
  };
  hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, reportAudio);
  hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, reportAudio);
  // What has loaded early.
  if (hls.levels.length > 0) reportLevels();
  if (hls.audioTracks.length > 0) reportAudio();
  hls.on(Hls.Events.ERROR, (_, { fatal, type }: ErrorData) => {
    if (!fatal) return;
    if (type !== Hls.ErrorTypes.MEDIA_ERROR || recovered) return onFailed();
    recovered = true;
    hls.recoverMediaError();
  });
}
