import type { Rational } from "../media.ts";
import type { Size } from "./geometry.ts";

/** One file, or the captures, of a file group. */
export interface PlannedOutput {
  group: number;
  /** The name in the work folder; for captures, a pattern with `%07d`. */
  file: string;
  bucket: string;
  /** The object's key without the extension and, for captures, without the number. */
  keyStem: string;
  extension: string;
  capture: boolean;
  contentType: string;
  /** The size of its frames. Absent for an output without picture. */
  size?: Size;
  /**
   * The tracks of a CMAF group that have exactly its video and audio. ffmpeg encodes only these. The file is
   * copied from them when they are complete. Outputs with the same tracks have the same `file`.
   */
  tracks?: CmafTrack[];
}

/** A stream of a CMAF group, which is published while it is encoded. */
export interface CmafTrack {
  /** The names of its files in the work folder without their extensions, `.m3u8` and `.mp4`. */
  file: string;
  /** The key of its media playlist without `.m3u8`. The keys of its segments begin with it. */
  keyStem: string;
  content: VideoContent | AudioContent;
}

export interface VideoContent {
  type: "video";
  size: Size;
  rate: Rational;
  /** Bits per second that the encoder does not exceed for longer than a second. */
  maxBitRate: number;
}

export interface AudioContent {
  type: "audio";
  audioGroup: string;
  /** As in BCP 47. */
  language?: string;
  name: string;
  isDefault: boolean;
  isAutoSelected: boolean;
  channels: number;
  bitRate: number;
}

/** A CMAF group: its tracks, and their multivariant playlist. */
export interface CmafPlan {
  group: number;
  bucket: string;
  /** The key of the multivariant playlist without `.m3u8`. */
  keyStem: string;
  /** The length of all segments but the last. */
  segmentSeconds: number;
  tracks: CmafTrack[];
  /** Published when the tracks are complete, like the images. */
  captions: CmafCaptions[];
  images?: CmafImages;
}

/** Captions of a CMAF group. */
export interface CmafCaptions {
  /** The name of the WebVTT file in the work folder. */
  file: string;
  /** The key of its media playlist without `.m3u8`. The key of its segment begins with it. */
  keyStem: string;
  /** As in BCP 47. */
  language?: string;
  name: string;
  /** For deaf people: it describes music and sounds too. */
  isAccessible: boolean;
}

/** Small pictures of a CMAF group's video at equal intervals, in tiles of rows and columns. */
export interface CmafImages {
  /** A pattern with `%09d` for the names of the small pictures in the work folder, from 1. */
  pictures: string;
  /** A pattern with `%09d` for the names of the tiles in the work folder, from 1. */
  file: string;
  /** The key of its playlist without `.m3u8`. The keys of the tiles begin with it. */
  keyStem: string;
  /** Of one picture. */
  size: Size;
  columns: number;
  rows: number;
  intervalSeconds: number;
}

export interface EncodePlan {
  /** ffmpeg's arguments before the input. */
  inputArgs: string[];
  /** ffmpeg's arguments after the input. It runs in the work folder. */
  args: string[];
  outputs: PlannedOutput[];
  cmaf: CmafPlan[];
  /**
   * Present if audio is padded to the stated length of the video. What was encoded is then the number of frames
   * divided by this rate.
   */
  frameRate?: Rational;
  /** The rate of the video output whose frames ffmpeg counts. Absent without picture. */
  countedRate?: Rational;
}
