/** What is made of a source, as data. Safe in the browser. */
import type { Preset } from "./preset.ts";
import type { Label } from "./schema.ts";

export type Download = Preset["label"];

export interface Profile {
  name: string;
  /** One sentence for people who choose a profile. */
  summary: string;
  /** False if only the sound is used. */
  picture: boolean;
  /** True for an adaptive stream with the rungs of ladder.ts. */
  hls: boolean;
  /** The MP4 files. */
  downloads: readonly Download[];
  /** True if the MP4 files have the encoder settings of the presets instead of a rung's. */
  usesPresets: boolean;
  /** Small pictures of the whole video, in the stream. */
  storyboard: boolean;
  /** Text tracks of the source, in the stream. */
  captions: boolean;
  /** No rung has more lines on its short side. */
  maxShortSide: number;
  maxFrameRate: number;
  /** MediaConvert's QVBR level, from 1 (smallest files) to 10. */
  quality: number;
}

export const DOWNLOADS = ["1080p", "720p", "web-720p"] as const satisfies Download[];

/** What a profile has if its definition does not say it. */
export const DEFAULTS = {
  picture: true,
  hls: true,
  downloads: [],
  usesPresets: false,
  storyboard: true,
  captions: true,
  maxShortSide: 2160,
  maxFrameRate: 60,
  quality: 8,
} as const satisfies Omit<Profile, "name" | "summary">;

/** The profiles that exist everywhere. Settings can define others. */
export const PROFILES = {
  web: {
    ...DEFAULTS,
    name: "web",
    summary:
      "Adaptive streaming in every size that fits the source, three MP4 downloads, a poster, preview pictures and captions.",
    downloads: DOWNLOADS,
  },
  original: {
    ...DEFAULTS,
    name: "original",
    summary:
      "Three MP4 files with the settings of Elastic Transcoder's presets, and a poster. No adaptive streaming.",
    hls: false,
    downloads: DOWNLOADS,
    usesPresets: true,
    storyboard: false,
    captions: false,
  },
  hls: {
    ...DEFAULTS,
    name: "hls",
    summary:
      "Adaptive streaming, a poster, preview pictures and captions. No MP4 downloads, which costs the least on AWS.",
  },
  audio: {
    ...DEFAULTS,
    name: "audio",
    summary: "The sound only: streaming audio and an M4A download.",
    picture: false,
    storyboard: false,
    captions: false,
  },
} as const satisfies Record<string, Profile>;

/** The labels of everything that an attempt with this profile makes. */
export function labelsOf(profile: Profile, hasPicture: boolean): Label[] {
  if (!profile.picture || !hasPicture) return ["hls", "audio"];
  return [...profile.downloads, "poster", ...(profile.hls ? (["hls"] as const) : [])];
}
