import type { VideoTrack } from "../media.ts";
import { type Color, colorOf, isHdr, type Samples, TARGETS, tagFilter } from "./color-tags.ts";
import { toneMap } from "./tone-map.ts";

/** How to convert the colors of a picture. */
export interface ColorConversion {
  /** Options of the scaler before the filters. They prevent that it converts the range. */
  scaler: string;
  /** Empty if the samples are already right. */
  filters: string[];
}

/** zscale reads planar formats only, and the width of 4:1:1 may not be a multiple of four. */
const FORMATS = {
  rgb: ["gbrp", "gbrp10le", "gbrp12le", "gbrp16le"],
  yuv: ["", "10le", "12le"].flatMap((depth) =>
    ["yuv420p", "yuv422p", "yuv444p"].map((chroma) => chroma + depth),
  ),
};

/**
 * Converts the colors of a source to the samples of an output, and to BT.709 if the job requests it. zscale
 * converts: the scaler is inexact between matrices and ignores primaries. A picture that needs no conversion
 * gets no filter.
 */
export function colorConversion(
  video: VideoTrack,
  samples: Samples,
  force709: boolean,
): ColorConversion {
  const source = colorOf(video);
  const isGray = video.chroma === "OTHER" && !video.rgb;
  // The scaler treats untagged gray as full range and converts it.
  const isScalerRight = video.rgb || (isGray && !video.color.range);
  const scaler = isScalerRight ? "" : `:in_range=${source.range}:out_range=${source.range}`;
  const formats = `format=${FORMATS[video.rgb ? "rgb" : "yuv"].join("|")}`;
  if (force709 && isHdr(video)) return { scaler, filters: [formats, ...toneMap(video, samples)] };
  const target: Color = {
    ...source,
    ...TARGETS[samples],
    ...(force709 && { primaries: "bt709" }),
  };
  // Without a color corrector, only the range changes.
  if (!force709 && samples === "h264" && !video.rgb) target.matrix = source.matrix;
  const isRight = tagFilter(source) === tagFilter(target) && video.chroma !== "OTHER";
  if (isRight) return { scaler: "", filters: [] };
  const { primaries, transfer, matrix, range } = target;
  const convert = `zscale=matrix=${matrix}:range=${range}:primaries=${primaries}:transfer=${transfer}`;
  return { scaler, filters: [formats, tagFilter(source), convert] };
}
