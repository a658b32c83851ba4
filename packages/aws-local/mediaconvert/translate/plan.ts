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
}

export interface EncodePlan {
  /** ffmpeg's arguments after the input. It runs in the work folder. */
  args: string[];
  outputs: PlannedOutput[];
  cmaf: CmafPlan[];
  /**
   * Present if audio is padded to the stated length of the video. What was encoded is then the number of frames
   * divided by this rate.
   */
  frameRate?: Rational;
}
