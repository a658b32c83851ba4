import type { VideoPreprocessor } from "@aws-sdk/client-mediaconvert";
import type { Profile } from "../../rendition/profile.ts";
import type { Media } from "../../source/schema.ts";

/** What a request needs to know about a source. */
export interface TranscodeSource {
  /** 0 if the length is unknown. */
  durationSeconds: number;
  /** Absent if the source has no picture. */
  picture?: Picture | undefined;
  /** The first one plays by default. */
  audio: readonly AudioSource[];
  captions: readonly CaptionSource[];
}

export interface Picture {
  /** The stored picture, before rotation. */
  width: number;
  height: number;
  /** Degrees clockwise. */
  rotation?: number | undefined;
  /** Width of a pixel divided by its height. */
  sampleAspect?: number | undefined;
  frameRate: number;
  /** True if the probe says that no frame is interlaced. */
  isProgressive?: boolean | undefined;
  /** True if the probe says that the colors are BT.709. */
  isBt709?: boolean | undefined;
}

/** One audio rendition. */
export interface AudioSource {
  /** Audio tracks from 1. Several mono tracks become one recording. Absent for the source's default track. */
  tracks?: readonly number[] | undefined;
  /** BCP 47. */
  language?: string | undefined;
}

/** A text track that the encoder can read. */
export interface CaptionSource {
  /** Its number among all tracks of the source, from 1. */
  stream: number;
  /** BCP 47. */
  language?: string | undefined;
  name?: string | undefined;
}

export interface TranscodeRequest {
  jobId: string;
  attempt: number;
  /** `s3://bucket/key`, with the key unencoded. */
  sourceUrl: string;
  /** `s3://bucket/media/<jobId>/<attempt>/<safeName>/`, with the trailing slash. */
  destination: string;
  /** The source's base name made safe: MediaConvert would read `$` as a format identifier. */
  safeName: string;
  profile: Profile;
  source: TranscodeSource;
  roleArn: string;
  queueArn: string;
}

/** What a request needs to know, from what a probe found. */
export function transcodeSource(media: Media): TranscodeSource {
  return {
    durationSeconds: media.durationSeconds,
    picture: pictureIn(media),
    audio: media.audioCodec === undefined ? [] : (media.recordings ?? [{}]),
    captions: captionsOf(media),
  };
}

function pictureIn(media: Media): Picture | undefined {
  const { width, height, frameRate, rotation = 0 } = media;
  if (width === undefined || height === undefined || frameRate === undefined) return undefined;
  const isTurned = Math.abs(rotation) % 180 === 90;
  const stored = isTurned ? { width: height, height: width } : { width, height };
  return { ...media, ...stored, frameRate };
}

/** MediaConvert reads timed text of MP4 and QuickTime files, and no text of Matroska. */
const captionsOf = ({ text = [] }: Media): CaptionSource[] =>
  text.flatMap(({ language, isTimedText, stream }) =>
    isTimedText && stream !== undefined ? [{ stream, language }] : [],
  );

/**
 * What a picture needs before it is encoded. MediaConvert does neither unless it is asked: an interlaced picture would
 * be combed, and HDR would be dull.
 */
export function preprocessors({ isProgressive, isBt709 }: Picture): VideoPreprocessor | undefined {
  if (isProgressive && isBt709) return undefined;
  return {
    // Only the interlaced frames of a source.
    Deinterlacer: isProgressive ? undefined : { Mode: "DEINTERLACE", Control: "NORMAL" },
    ColorCorrector: isBt709
      ? undefined
      : {
          ColorSpaceConversion: "FORCE_709",
          HdrToSdrToneMapper: "PRESERVE_DETAILS",
          SampleRangeConversion: "LIMITED_RANGE_SQUEEZE",
        },
  };
}
