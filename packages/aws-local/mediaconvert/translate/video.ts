import type { Rational, VideoTrack } from "../media.ts";
import type { H264Settings, VideoDescription } from "../schema-video.ts";
import { colorConversion } from "./color.ts";
import type { Samples } from "./color-tags.ts";
import type { Geometry } from "./geometry.ts";

/**
 * The CRF for each QVBR level, 1 to 10. Level 7 looks about like x264's common value of 22. The values are
 * not calibrated against AWS.
 */
const CRF_OF_QVBR = [35, 33, 31, 29, 26, 24, 22, 20, 18, 16] as const;

const PRESET = {
  SINGLE_PASS: "superfast",
  // A good compromise: medium takes twice the CPU time for half a decibel.
  SINGLE_PASS_HQ: "veryfast",
  MULTI_PASS_HQ: "medium",
} as const;

/** The output's frame rate: the requested one, else the source's. */
export function frameRate(h264: H264Settings, video: VideoTrack): Rational {
  const { framerateNumerator, framerateDenominator } = h264;
  if (h264.framerateControl === "SPECIFIED" && framerateNumerator && framerateDenominator) {
    return { numerator: framerateNumerator, denominator: framerateDenominator };
  }
  return video.frameRate;
}

/**
 * Converts to a constant frame rate, and holds the last frame if the recording does. With `fromZero` it also
 * shows the first frame from time 0 on.
 */
export function rateFilters(
  rate: Rational,
  { stillSeconds }: VideoTrack,
  { fromZero = false } = {},
): string {
  const still = stillSeconds ? `,tpad=stop_mode=clone:stop_duration=${stillSeconds}` : "";
  const start = fromZero ? ":start_time=0" : "";
  return `fps=${rate.numerator}/${rate.denominator}${start}${still}`;
}

/** True if the output's colors are to be BT.709. */
export function force709(video: VideoDescription): boolean {
  const corrector = video.videoPreprocessors?.colorCorrector;
  return corrector?.colorSpaceConversion === "FORCE_709";
}

/** The encoder's arguments for the one video track of an output file. */
export function h264Args(h264: H264Settings, rate: Rational): string[] {
  return [...codecArgs(h264), ...gopArgs(h264, rate)];
}

/** The same for a track whose segments have this length in seconds: each begins with a keyframe. */
export function segmentedH264Args(
  h264: H264Settings,
  rate: Rational,
  segmentSeconds: number,
): string[] {
  const hertz = rate.numerator / rate.denominator;
  // Rates that are not exactly each other's multiples drift apart by less than a frame.
  const tolerance = (0.25 / hertz).toFixed(6);
  const at = `expr:gte(t,n_forced*${segmentSeconds.toFixed(9)}-${tolerance})`;
  // The codec itself adds no keyframe: it would begin another segment.
  const longest = String(Math.ceil(2 * segmentSeconds * hertz));
  return [...codecArgs(h264), "-force_key_frames", at, "-g", longest, "-sc_threshold", "0"];
}

function codecArgs(h264: H264Settings): string[] {
  const baseline = h264.codecProfile === "BASELINE";
  const { numberReferenceFrames, numberBFramesBetweenReferenceFrames, gopBReference } = h264;
  const bFrames = baseline ? 0 : numberBFramesBetweenReferenceFrames;
  const args = ["-c:v", "libx264", "-preset", PRESET[h264.qualityTuningLevel]];
  args.push("-profile:v", h264.codecProfile.toLowerCase());
  if (h264.codecLevel !== "AUTO") args.push("-level:v", level(h264.codecLevel));
  if (numberReferenceFrames !== undefined) args.push("-refs", String(numberReferenceFrames));
  if (bFrames !== undefined) args.push("-bf", String(bFrames));
  if (gopBReference) args.push("-b-pyramid", gopBReference === "ENABLED" ? "normal" : "none");
  args.push("-coder", baseline || h264.entropyEncoding === "CAVLC" ? "cavlc" : "cabac");
  return [...args, ...rateArgs(h264)];
}

function level(name: string): string {
  const [, major, minor = "0"] = name.split("_");
  return `${major}.${minor}`;
}

function rateArgs(h264: H264Settings): string[] {
  const { bitrate = 0, maxBitrate } = h264;
  const ceiling = (rate: number) => {
    const buffer = h264.hrdBufferSize || 2 * rate;
    return ["-maxrate", String(rate), "-bufsize", String(buffer)];
  };
  switch (h264.rateControlMode) {
    case "CBR": {
      const constant = ["-b:v", String(bitrate), "-minrate", String(bitrate)];
      return [...constant, ...ceiling(bitrate), "-x264-params", "nal-hrd=cbr"];
    }
    case "VBR":
      return ["-b:v", String(bitrate), ...(maxBitrate ? ceiling(maxBitrate) : [])];
    case "QVBR": {
      const { qvbrQualityLevel = 7, qvbrQualityLevelFineTune = 0 } = h264.qvbrSettings ?? {};
      const crf = CRF_OF_QVBR[qvbrQualityLevel - 1] ?? 22;
      const finer = CRF_OF_QVBR[qvbrQualityLevel] ?? crf;
      const value = crf + (finer - crf) * qvbrQualityLevelFineTune;
      return ["-crf", String(value), ...ceiling(maxBitrate ?? bitrate)];
    }
  }
}

function gopArgs(h264: H264Settings, rate: Rational): string[] {
  const { gopSize, gopSizeUnits, minIInterval } = h264;
  const perUnit = gopSizeUnits === "SECONDS" ? rate.numerator / rate.denominator : 1;
  const args: string[] = [];
  if (gopSizeUnits !== "AUTO" && gopSize) {
    args.push("-g", String(Math.max(1, Math.round(gopSize * perUnit))));
  }
  if (minIInterval) args.push("-keyint_min", String(minIInterval));
  if (h264.sceneChangeDetect === "DISABLED") args.push("-sc_threshold", "0");
  return args;
}

type Deinterlacer = NonNullable<VideoDescription["videoPreprocessors"]>["deinterlacer"];

const ROTATE = {
  0: [],
  90: ["transpose=clock"],
  180: ["hflip", "vflip"],
  270: ["transpose=cclock"],
} as const;

/** The filters that all outputs share: progressive frames if requested, rotated by `degrees` clockwise. */
export function sourceFilters(
  video: VideoTrack,
  degrees: VideoTrack["rotation"],
  deinterlacer: Deinterlacer,
): string[] {
  // ffmpeg applies the file's own rotation before the graph, so the outputs have no rotation metadata.
  const extra = ((degrees - video.rotation + 360) % 360) as VideoTrack["rotation"]; // Of quarter turns.
  return [...deinterlace(video, deinterlacer), ...ROTATE[extra]];
}

function deinterlace({ interlaced }: VideoTrack, deinterlacer: Deinterlacer): string[] {
  if (deinterlacer?.control === "FORCE_ALL_FRAMES") return ["yadif"];
  // It would not change progressive frames, so it is omitted for progressive files.
  return deinterlacer && interlaced ? ["yadif=deint=interlaced"] : [];
}

/** Filters that scale the picture to its size, set the shape of its pixels, and convert its colors. */
export function scaleFilters(
  to: Geometry,
  video: VideoTrack,
  force709: boolean,
  samples: Samples,
): string[] {
  const { scale, crop, pad, sampleAspect } = to;
  const aspect = sampleAspect ? `${sampleAspect.numerator}/${sampleAspect.denominator}` : "1";
  const color = colorConversion(video, samples, force709);
  const filters = [`scale=${scale.width}:${scale.height}${color.scaler}`, `setsar=${aspect}`];
  filters.push(...color.filters, `format=${PIXEL_FORMATS[samples]}`);
  if (crop) filters.push(`crop=${crop.width}:${crop.height}`);
  if (pad) filters.push(`pad=${pad.width}:${pad.height}:-1:-1`);
  return filters;
}

const PIXEL_FORMATS = { h264: "yuv420p", jpeg: "yuvj420p" } as const;

/** Tags for a picture in BT.709. */
export const TAGS_709 = [
  "-colorspace",
  "bt709",
  "-color_primaries",
  "bt709",
  "-color_trc",
  "bt709",
];
