import type { Rational, VideoTrack } from "../media.ts";
import type { H264Settings } from "../schema.ts";
import type { Geometry } from "./geometry.ts";
import { isHdr, toneMap } from "./tone-map.ts";

/**
 * Constant quality for each QVBR level, 1 to 10. Ours: chosen so that level 7 is visually like
 * x264's habit of 22, not calibrated against AWS.
 */
const CRF_OF_QVBR = [35, 33, 31, 29, 26, 24, 22, 20, 18, 16] as const;

const PRESET = {
  SINGLE_PASS: "superfast",
  // The knee: medium costs twice the CPU for half a decibel.
  SINGLE_PASS_HQ: "veryfast",
  MULTI_PASS_HQ: "medium",
} as const;

/** The output's frame rate: what is asked for, else the source's. */
export function frameRate(h264: H264Settings, video: VideoTrack): Rational {
  const { framerateNumerator, framerateDenominator } = h264;
  if (h264.framerateControl === "SPECIFIED" && framerateNumerator && framerateDenominator) {
    return { numerator: framerateNumerator, denominator: framerateDenominator };
  }
  return video.frameRate;
}

/** Brings frames to a constant rate, and holds the last one where the recording does. */
export function rateFilters(rate: Rational, { stillSeconds }: VideoTrack): string {
  const still = stillSeconds ? `,tpad=stop_mode=clone:stop_duration=${stillSeconds}` : "";
  return `fps=${rate.numerator}/${rate.denominator}${still}`;
}

/** The encoder's arguments for one output file's only picture track. */
export function h264Args(h264: H264Settings, rate: Rational): string[] {
  const baseline = h264.codecProfile === "BASELINE";
  return [
    ...["-c:v", "libx264", "-preset", PRESET[h264.qualityTuningLevel]],
    ...["-profile:v", h264.codecProfile.toLowerCase()],
    ...(h264.codecLevel === "AUTO" ? [] : ["-level:v", level(h264.codecLevel)]),
    ...["-refs", String(h264.numberReferenceFrames)],
    ...["-bf", String(baseline ? 0 : (h264.numberBFramesBetweenReferenceFrames ?? 2))],
    ...["-b-pyramid", h264.gopBReference === "ENABLED" ? "normal" : "none"],
    ...["-coder", baseline || h264.entropyEncoding === "CAVLC" ? "cavlc" : "cabac"],
    ...rateArgs(h264),
    ...gopArgs(h264, rate),
  ];
}

function level(name: string): string {
  const [, major, minor = "0"] = name.split("_");
  return `${major}.${minor}`;
}

function rateArgs(h264: H264Settings): string[] {
  const { bitrate = 0, maxBitrate } = h264;
  const ceiling = (rate: number) => [
    ...["-maxrate", String(rate), "-bufsize", String(h264.hrdBufferSize || 2 * rate)],
  ];
  switch (h264.rateControlMode) {
    case "CBR":
      return [
        ...["-b:v", String(bitrate), "-minrate", String(bitrate), ...ceiling(bitrate)],
        ...["-x264-params", "nal-hrd=cbr"],
      ];
    case "VBR":
      return ["-b:v", String(bitrate), ...(maxBitrate ? ceiling(maxBitrate) : [])];
    case "QVBR": {
      const { qvbrQualityLevel = 7, qvbrQualityLevelFineTune = 0 } = h264.qvbrSettings ?? {};
      const crf = CRF_OF_QVBR[qvbrQualityLevel - 1] ?? 22;
      const finer = CRF_OF_QVBR[qvbrQualityLevel] ?? crf;
      return [
        ...["-crf", String(crf + (finer - crf) * qvbrQualityLevelFineTune)],
        ...ceiling(maxBitrate ?? bitrate),
      ];
    }
  }
}

function gopArgs(h264: H264Settings, rate: Rational): string[] {
  const { gopSize, gopSizeUnits, minIInterval } = h264;
  const perUnit = gopSizeUnits === "SECONDS" ? rate.numerator / rate.denominator : 1;
  return [
    ...(gopSizeUnits !== "AUTO" && gopSize
      ? ["-g", String(Math.max(1, Math.round(gopSize * perUnit)))]
      : []),
    ...(minIInterval ? ["-keyint_min", String(minIInterval)] : []),
    ...(h264.sceneChangeDetect === "DISABLED" ? ["-sc_threshold", "0"] : []),
  ];
}

const TURN = {
  0: [],
  90: ["transpose=clock"],
  180: ["hflip", "vflip"],
  270: ["transpose=cclock"],
} as const;

/** What every output shares: progressive frames, turned by `degrees` clockwise from as coded. */
export function sourceFilters(video: VideoTrack, degrees: VideoTrack["rotation"]): string[] {
  // ffmpeg turns by the file's own note before the graph, and so leaves no note in the outputs.
  const more = ((degrees - video.rotation + 360) % 360) as VideoTrack["rotation"]; // Of quarter turns.
  return [
    // Progressive frames pass through it unchanged; where the file says so, it is left out.
    ...(video.interlaced ? ["yadif=deint=interlaced"] : []),
    ...TURN[more],
  ];
}

/** Filters that bring the picture to its size, with square pixels. */
export function scaleFilters(
  to: Geometry,
  video: VideoTrack,
  force709: boolean,
  pixelFormat: "yuv420p" | "yuvj420p",
): string[] {
  const { scale, crop, pad } = to;
  const matrix = force709 && !isHdr(video) ? convertedMatrix(video) : undefined;
  return [
    `scale=${scale.width}:${scale.height}${matrix ? `:in_color_matrix=${matrix}:out_color_matrix=bt709` : ""}`,
    "setsar=1",
    ...(force709 && isHdr(video) ? toneMap(video) : []),
    `format=${pixelFormat}`,
    ...(crop ? [`crop=${crop.width}:${crop.height}`] : []),
    ...(pad ? [`pad=${pad.width}:${pad.height}:-1:-1`] : []),
  ];
}

/** swscale's name of the source's matrix, or nothing where it is BT.709 already. */
function convertedMatrix(video: VideoTrack): string | undefined {
  switch (video.color.space) {
    case "bt709":
      return undefined;
    case "bt470bg":
    case "smpte170m":
      return "bt601";
    case "bt2020nc":
    case "bt2020c":
      return "bt2020";
    default:
      // Untagged pictures are BT.601 in standard definition, by every player's habit.
      return video.height < 720 && video.width < 1280 ? "bt601" : undefined;
  }
}

/** Tags for a picture that was brought to BT.709. */
export const TAGS_709 = [
  ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"],
];
