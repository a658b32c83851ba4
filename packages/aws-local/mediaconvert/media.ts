import * as z from "zod";

export interface Rational {
  numerator: number;
  denominator: number;
}

export interface VideoTrack {
  /** The stream's number in the file, from 0. */
  index: number;
  codec: string;
  tag: string;
  profile?: string;
  /** As the codec counts: 31 is H.264's 3.1, 93 is HEVC's. */
  level?: number;
  /** As coded, before rotation. */
  width: number;
  height: number;
  /** Clockwise degrees by which a player turns the picture: 0, 90, 180 or 270. */
  rotation: 0 | 90 | 180 | 270;
  sampleAspect: Rational;
  frameRate: Rational;
  bitDepth: number;
  chroma: "YUV_420" | "YUV_422" | "YUV_444" | "OTHER";
  interlaced: boolean;
  durationSeconds?: number;
  /** How long the last frame stays, where the recording stands still until the container's end. */
  stillSeconds?: number;
  bitRate?: number;
  /** True where the samples are red, green and blue, whatever the color tags say. */
  rgb: boolean;
  color: { space?: string; transfer?: string; primaries?: string; range?: string };
}

export interface AudioTrack {
  index: number;
  codec: string;
  channels: number;
  sampleRate: number;
  channelLayout?: string;
  durationSeconds?: number;
  bitRate?: number;
  language?: string;
}

/** What ffprobe found in a file. */
export interface MediaInfo {
  /** ffmpeg's name of the container, for instance `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  brand?: string;
  durationSeconds?: number;
  /** The file was too large to be read to its end for its length. */
  lengthIsEstimate?: boolean;
  bitRate?: number;
  /** The first real picture track; cover art is none. */
  video?: VideoTrack;
  audio: AudioTrack[];
  /** Numbers of the tracks that are neither, such as subtitles and timecode. */
  dataIndexes: number[];
}

const Numeric = z.coerce.number().optional().catch(undefined);
const Stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().default("unknown"),
  codec_tag_string: z.string().default(""),
  profile: z.string().optional(),
  level: z.number().optional(),
  width: z.number().default(0),
  height: z.number().default(0),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().default("0/0"),
  r_frame_rate: z.string().default("0/0"),
  pix_fmt: z.string().default(""),
  field_order: z.string().default("unknown"),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  color_range: z.string().optional(),
  channels: z.number().default(0),
  sample_rate: Numeric,
  channel_layout: z.string().optional(),
  duration: Numeric,
  bit_rate: Numeric,
  disposition: z.record(z.string(), z.number()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  side_data_list: z.array(z.object({ rotation: Numeric })).default([]),
});
type Stream = z.infer<typeof Stream>;
const Answer = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({
    format_name: z.string(),
    duration: Numeric,
    bit_rate: Numeric,
    tags: z.record(z.string(), z.string()).default({}),
  }),
});

/** Reads `ffprobe -show_format -show_streams -of json`. Throws ZodError on anything else. */
export function parseMedia(json: unknown): MediaInfo {
  const { streams, format } = Answer.parse(json);
  const picture = streams.find(
    (stream) =>
      stream.codec_type === "video" && stream.disposition.attached_pic !== 1 && stream.width > 0,
  );
  return {
    container: format.format_name,
    ...(format.tags.major_brand && { brand: format.tags.major_brand }),
    ...(format.duration && { durationSeconds: format.duration }),
    ...(format.bit_rate && { bitRate: format.bit_rate }),
    ...(picture && { video: videoTrack(picture) }),
    audio: streams
      .filter((stream) => stream.codec_type === "audio" && stream.channels > 0)
      .map(audioTrack),
    dataIndexes: streams
      .filter((stream) => stream.codec_type !== "video" && stream.codec_type !== "audio")
      .map((stream) => stream.index),
  };
}

function videoTrack(stream: Stream): VideoTrack {
  return {
    index: stream.index,
    codec: stream.codec_name,
    tag: stream.codec_tag_string,
    ...(stream.profile && { profile: stream.profile }),
    // Negative where the codec knows no levels.
    ...(stream.level && stream.level > 0 && { level: stream.level }),
    width: stream.width,
    height: stream.height,
    rotation: rotation(stream),
    sampleAspect: rational(stream.sample_aspect_ratio, ":") ?? { numerator: 1, denominator: 1 },
    frameRate: rational(stream.avg_frame_rate, "/") ??
      rational(stream.r_frame_rate, "/") ?? { numerator: 25, denominator: 1 },
    bitDepth: Number(/p(?:0)?(9|10|12|14|16)(?:le|be)?$/.exec(stream.pix_fmt)?.[1] ?? 8),
    chroma: chroma(stream.pix_fmt),
    interlaced: ["tt", "bb", "tb", "bt"].includes(stream.field_order),
    ...(stream.duration && { durationSeconds: stream.duration }),
    ...(stream.bit_rate && { bitRate: stream.bit_rate }),
    rgb: /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr|pal8)/.test(stream.pix_fmt),
    color: {
      ...(stream.color_space && { space: stream.color_space }),
      ...(stream.color_transfer && { transfer: stream.color_transfer }),
      ...(stream.color_primaries && { primaries: stream.color_primaries }),
      ...(stream.color_range && { range: stream.color_range }),
    },
  };
}

function audioTrack(stream: Stream): AudioTrack {
  return {
    index: stream.index,
    codec: stream.codec_name,
    channels: stream.channels,
    sampleRate: stream.sample_rate ?? 0,
    ...(stream.channel_layout && { channelLayout: stream.channel_layout }),
    ...(stream.duration && { durationSeconds: stream.duration }),
    ...(stream.bit_rate && { bitRate: stream.bit_rate }),
    ...(stream.tags.language && { language: stream.tags.language }),
  };
}

/** ffprobe counts anticlockwise, from -180 to 180; players and MediaConvert count clockwise. */
function rotation(stream: Stream): VideoTrack["rotation"] {
  const degrees = stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const quarter = (((Math.round(-degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3; // A remainder of 4.
  return ([0, 90, 180, 270] as const)[quarter];
}

function chroma(pixelFormat: string): VideoTrack["chroma"] {
  if (/^(yuvj?a?420|nv12|nv21|p010)/.test(pixelFormat)) return "YUV_420";
  if (/^(yuvj?a?422|yuyv422|uyvy422)/.test(pixelFormat)) return "YUV_422";
  if (/^(yuvj?a?444|gbr)/.test(pixelFormat)) return "YUV_444";
  return "OTHER";
}

function rational(text: string | undefined, separator: string): Rational | undefined {
  const [numerator, denominator] = (text ?? "").split(separator).map(Number);
  if (!numerator || !denominator) return undefined;
  return { numerator, denominator };
}
