/**
 * The three MP4 renditions, with the values of the Elastic Transcoder system presets that they are based on. Source:
 * the preset bodies that AWS published until it closed the service on 2025-11-13 ("System Presets", Amazon Elastic
 * Transcoder Developer Guide). The browser shares this file.
 */
export interface Preset {
  label: "1080p" | "720p" | "web-720p";
  /** Id and name of the Elastic Transcoder system preset. */
  origin: { id: string; name: string };
  video: {
    profile: "baseline" | "main";
    level: "3.1" | "4";
    referenceFrames: number;
    /** The picture fits into this box in either orientation, and is never enlarged. */
    maxWidth: number;
    maxHeight: number;
    /** Average bits per second of the video track, for pictures that fill the box. */
    bitRate: number;
    frameRate: { numerator: number; denominator: number };
    /** The longest distance between keyframes. Scene changes may add more. */
    keyframeMaxDistance: number;
  };
  audio: {
    /** Bits per second. */
    bitRate: number;
    sampleRate: number;
    channels: number;
  };
}

const audio: Preset["audio"] = { bitRate: 160_000, sampleRate: 44_100, channels: 2 };
const ntsc = { numerator: 30_000, denominator: 1001 };

export const PRESETS: readonly Preset[] = [
  {
    label: "1080p",
    origin: { id: "1351620000001-000001", name: "Generic 1080p" },
    video: {
      profile: "baseline",
      level: "4",
      referenceFrames: 3,
      maxWidth: 1920,
      maxHeight: 1080,
      bitRate: 5_400_000,
      frameRate: ntsc,
      keyframeMaxDistance: 90,
    },
    audio,
  },
  {
    label: "720p",
    origin: { id: "1351620000001-000010", name: "Generic 720p" },
    video: {
      profile: "baseline",
      level: "3.1",
      referenceFrames: 3,
      maxWidth: 1280,
      maxHeight: 720,
      bitRate: 2_400_000,
      frameRate: ntsc,
      keyframeMaxDistance: 90,
    },
    audio,
  },
  {
    label: "web-720p",
    origin: { id: "1351620000001-100070", name: "Web: Facebook, SmugMug, Vimeo, YouTube" },
    video: {
      profile: "main",
      level: "3.1",
      referenceFrames: 3,
      maxWidth: 1280,
      maxHeight: 720,
      bitRate: 2_200_000,
      frameRate: { numerator: 30, denominator: 1 },
      keyframeMaxDistance: 90,
    },
    audio,
  },
];

/** The still image of a video in lists: the best of several captures across the video. */
export const POSTER = {
  label: "poster",
  maxWidth: 1280,
  maxHeight: 720,
  quality: 80,
  captures: 8,
} as const;
