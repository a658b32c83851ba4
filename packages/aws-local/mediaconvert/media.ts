import * as z from "zod";

export interface Rational {
  numerator: number;
  denominator: number;
}

export interface VideoTrack {
  /** The stream's index in the file, from 0. */
  index: number;
  codec: string;
  tag: string;
  profile?: string;
  /** In the codec's own units: level 3.1 is 31 in H.264 and 93 in HEVC. */
  level?: number;
  /** The coded size, before rotation. */
  width: number;
  height: number;
  /** How far a player rotates the picture, in degrees clockwise. */
  rotation: 0 | 90 | 180 | 270;
  sampleAspect: Rational;
  frameRate: Rational;
  bitDepth: number;
  chroma: "YUV_420" | "YUV_422" | "YUV_444" | "OTHER";
  interlaced: boolean;
  durationSeconds?: number;
  /** How long the last frame stays if the recording shows a still picture until its end. */
  stillSeconds?: number;
  bitRate?: number;
  /** True if the samples are red, green and blue, regardless of the color tags. */
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
  title?: string;
  /** True if the file marks the track as one that plays by default. */
  isDefault: boolean;
}

/** A track of subtitles in text. */
export interface TextTrack {
  index: number;
  /** ffmpeg's name of the format, such as `mov_text` or `subrip`. */
  codec: string;
  language?: string;
  title?: string;
}

/** The properties of a file that ffprobe reports. */
export interface MediaInfo {
  /** ffmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  brand?: string;
  durationSeconds?: number;
  /** True if the file was too large to be read to its end. */
  lengthIsEstimate?: boolean;
  /** How often the clock jumps or has a gap. Absent if the file was not read to its end. */
  joins?: number;
  bitRate?: number;
  /** The default video track, or the largest. */
  video?: VideoTrack;
  audio: AudioTrack[];
  text: TextTrack[];
  /** Indexes of the other tracks, such as timecode and subtitles in pictures. */
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
const FfprobeOutput = z.object({
  streams: z.array(Stream).default([]),
  /** Only transport streams have more than one. */
  programs: z
    .array(z.object({ streams: z.array(z.object({ index: z.number() })).default([]) }))
    .default([]),
  format: z.object({
    format_name: z.string(),
    duration: Numeric,
    bit_rate: Numeric,
    tags: z.record(z.string(), z.string()).default({}),
  }),
});

/** Parses the output of `ffprobe -show_format -show_streams -of json`. @throws ZodError */
export function parseMedia(json: unknown): MediaInfo {
  const { streams: all, programs, format } = FfprobeOutput.parse(json);
  const video = pictureOf(all);
  const streams = ofProgram(all, programs, video);
  return {
    container: format.format_name,
    brand: format.tags.major_brand || undefined,
    durationSeconds: format.duration || undefined,
    bitRate: format.bit_rate || undefined,
    video: video && videoTrack(video),
    audio: streams
      .filter((stream) => stream.codec_type === "audio" && stream.channels > 0)
      .map(audioTrack),
    text: streams.filter(isText).map(textTrack),
    dataIndexes: streams
      .filter((stream) => stream.codec_type !== "video" && stream.codec_type !== "audio")
      .filter((stream) => !isText(stream))
      .map((stream) => stream.index),
  };
}

/** The streams of the picture's program, and those of none. The sound of another program belongs to another picture. */
function ofProgram(
  streams: Stream[],
  programs: z.infer<typeof FfprobeOutput>["programs"],
  picture: Stream | undefined,
): Stream[] {
  const sets = programs.map((one) => new Set(one.streams.map(({ index }) => index)));
  const program = picture && sets.find((set) => set.has(picture.index));
  if (!program) return streams;
  return streams.filter(({ index }) => program.has(index) || !sets.some((set) => set.has(index)));
}

/**
 * The track that a player shows. Cameras and editors add small tracks for thumbnails, which are disabled.
 * Cover art is no video.
 */
function pictureOf(streams: Stream[]): Stream | undefined {
  const pictures = streams.filter(
    ({ codec_type, disposition, width }) =>
      codec_type === "video" &&
      width > 0 &&
      disposition.attached_pic !== 1 &&
      disposition.timed_thumbnails !== 1,
  );
  const defaults = pictures.filter(({ disposition }) => disposition.default === 1);
  const pixels = ({ width, height }: Stream) => width * height;
  // The sort is stable: of equal tracks, the first.
  return (defaults.length > 0 ? defaults : pictures).sort((a, b) => pixels(b) - pixels(a))[0];
}

function videoTrack(stream: Stream): VideoTrack {
  return {
    index: stream.index,
    codec: stream.codec_name,
    tag: stream.codec_tag_string,
    profile: stream.profile || undefined,
    // Negative if the codec has no levels.
    level: stream.level && stream.level > 0 ? stream.level : undefined,
    width: stream.width,
    height: stream.height,
    rotation: rotation(stream),
    sampleAspect: rational(stream.sample_aspect_ratio, ":") ?? { numerator: 1, denominator: 1 },
    frameRate: rational(stream.avg_frame_rate, "/") ??
      rational(stream.r_frame_rate, "/") ?? { numerator: 25, denominator: 1 },
    bitDepth: Number(/p(?:0)?(9|10|12|14|16)(?:le|be)?$/.exec(stream.pix_fmt)?.[1] ?? 8),
    chroma: chroma(stream.pix_fmt),
    interlaced: isInterlaced(stream),
    durationSeconds: stream.duration || undefined,
    bitRate: stream.bit_rate || undefined,
    rgb: RGB.test(stream.pix_fmt),
    color: {
      space: stream.color_space || undefined,
      transfer: stream.color_transfer || undefined,
      primaries: stream.color_primaries || undefined,
      // Some formats are full range by their name.
      range: stream.pix_fmt.startsWith("yuvj") ? "pc" : stream.color_range || undefined,
    },
  };
}

const RGB = /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr|pal8)/;
/** Codecs of cameras and editors that mark each frame. Their files often do not state the order of the fields. */
const MARK_FRAMES = /^(dvvideo|dnxhd|prores|mjpeg|mpeg4|vc1|huffyuv|ffvhuff|utvideo|ffv1)$/;

/** Whether frames may be interlaced. Where the file does not state it, only the frames that say so are deinterlaced. */
function isInterlaced({ field_order, codec_name, pix_fmt }: Stream): boolean {
  if (["tt", "bb", "tb", "bt"].includes(field_order)) return true;
  return field_order === "unknown" && MARK_FRAMES.test(codec_name) && !RGB.test(pix_fmt);
}

function audioTrack(stream: Stream): AudioTrack {
  return {
    index: stream.index,
    codec: stream.codec_name,
    channels: stream.channels,
    sampleRate: stream.sample_rate ?? 0,
    channelLayout: stream.channel_layout || undefined,
    durationSeconds: stream.duration || undefined,
    bitRate: stream.bit_rate || undefined,
    language: stream.tags.language || undefined,
    title: stream.tags.title || undefined,
    isDefault: stream.disposition.default === 1,
  };
}

/** Subtitles of other formats are pictures, or belong to the video. */
const TEXT: ReadonlySet<string> = new Set(["mov_text", "subrip", "ass", "ssa", "webvtt", "text"]);

const isText = ({ codec_type, codec_name }: Stream) =>
  codec_type === "subtitle" && TEXT.has(codec_name);

function textTrack({ index, codec_name, tags }: Stream): TextTrack {
  return {
    index,
    codec: codec_name,
    language: tags.language || undefined,
    title: tags.title || undefined,
  };
}

/** ffprobe counts counterclockwise, from -180 to 180. Players and MediaConvert count clockwise. */
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
