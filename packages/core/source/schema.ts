import * as z from "zod";
import { JobId } from "../id.ts";

/** One audio recording: a track, or the mono tracks that belong together. */
export const Recording = z.object({
  /** Numbers of the audio tracks, from 1. */
  tracks: z.array(z.number().int().min(1)).min(1),
  /** BCP 47. */
  language: z.string().optional(),
});
export type Recording = z.infer<typeof Recording>;

/** A track of subtitles, as text or as pictures. */
export const TextTrack = z.object({
  /** BCP 47. Absent if the track states none. */
  language: z.string().optional(),
  /** True if the encoder can read it: only 3GPP timed text in MP4 and QuickTime files. */
  isTimedText: z.boolean().optional(),
  /** Its number among all tracks of the file, from 1. */
  stream: z.number().int().min(1).optional(),
});

/** A track as the headers of a file state it. */
export interface SourceTrack {
  type: "audio" | "text" | "other";
  /** The container's name of the format, such as `tx3g` or `S_HDMV/PGS`. */
  format: string;
  /** BCP 47. Absent if the track states none. */
  language?: string | undefined;
  /** True if the file marks it as a track that plays by default. */
  isDefault: boolean;
}

/** A part of a video with a title. It ends where the next one starts. */
export const Chapter = z.object({
  /** Milliseconds from the start of the video. */
  startMs: z.number().int().nonnegative(),
  title: z.string(),
});
export type Chapter = z.infer<typeof Chapter>;

/** A chapter as the file states it. */
export interface RawChapter {
  seconds: number;
  title: string;
}

/** What a probe found about the video or the sound in a source or a rendition. */
export const Media = z.object({
  container: z.string(),
  durationSeconds: z.number().nonnegative(),
  /** These four are absent if the file has only sound. */
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  frameRate: z.number().positive().optional(),
  videoCodec: z.string().optional(),
  /** Whether all frames are progressive. Absent if the probe does not say it. */
  isProgressive: z.boolean().optional(),
  /** Whether the color tags say BT.709. */
  isBt709: z.boolean().optional(),
  /** Degrees clockwise by which a player rotates the stored picture. `width` and `height` are rotated already. */
  rotation: z.number().optional(),
  /** Width of a stored pixel divided by its height, if pixels are not square. */
  sampleAspect: z.number().positive().optional(),
  /** Bits per second: of the video track if known. */
  bitRate: z.number().nonnegative().optional(),
  audioCodec: z.string().optional(),
  audioChannels: z.number().int().optional(),
  audioSampleRate: z.number().int().optional(),
  /** The recordings of a source with several audio tracks. The first one plays by default. */
  recordings: z.array(Recording).optional(),
  /** The subtitles in a source, in the order of the file. Absent if there are none. */
  text: z.array(TextTrack).optional(),
  /** With RFC 6381 codecs, as `canPlayType` reads it. Absent if browsers do not play such files. */
  mediaType: z.string().optional(),
});
export type Media = z.infer<typeof Media>;

/** The contents of a file. */
export interface Probed {
  videoTracks: number;
  audioTracks: number;
  durationSeconds: number;
  /** Undefined if a picture has no known size, or if there is neither a picture nor sound. */
  media?: Media | undefined;
  videoProfile?: string | undefined;
}

/** The object that a job was created from. */
export const Source = z.object({
  bucket: z.string(),
  key: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  etag: z.string(),
  sequencer: z.string(),
  versionId: z.string().optional(),
  media: Media.optional(),
  /** As S3 has stored it, such as `crc64nvme:…`. Absent before the first attempt is submitted, and in old jobs. */
  checksum: z.string().optional(),
  /** When another tool replaced the object, and the job of the newer object. The renditions stay. */
  replaced: z.object({ time: z.iso.datetime(), jobId: JobId }).optional(),
});
export type Source = z.infer<typeof Source>;
