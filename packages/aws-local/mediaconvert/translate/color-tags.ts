import type { VideoTrack } from "../media.ts";

/** The color of samples, by zscale's names. */
export interface Color {
  primaries: string;
  transfer: string;
  matrix: string;
  range: "tv" | "pc";
}

/** True if the transfer function is that of high dynamic range: PQ or HLG. */
export function isHdr({ color }: Pick<VideoTrack, "color">): boolean {
  return color.transfer === "smpte2084" || color.transfer === "arib-std-b67";
}

/** Primaries and matrices that zscale can convert from. Any other value counts as missing. */
const PRIMARIES: ReadonlySet<string> = new Set([
  "bt709",
  "bt470m",
  "bt470bg",
  "smpte170m",
  "smpte240m",
  "film",
  "bt2020",
  "smpte428",
  "smpte431",
  "smpte432",
  "ebu3213",
]);
const MATRICES: ReadonlySet<string> = new Set([
  "bt709",
  "bt470bg",
  "smpte170m",
  "smpte240m",
  "fcc",
  "ycgco",
  "bt2020nc",
  "ictcp",
]);

/**
 * The color of a source. Cameras and editors often write only some of the tags, and zscale does not guess the
 * others ("no path between colorspaces"). So each missing, reserved or unusable tag gets the usual value:
 * HDR is BT.2020 with non-constant luminance, as BT.2100 says, and the rest is BT.709 or BT.601. Players
 * ignore the exact curve of SDR, so every SDR transfer function counts as that of BT.709.
 */
export function colorOf(video: Pick<VideoTrack, "color" | "rgb" | "width" | "height">): Color {
  const { transfer = "", range } = video.color;
  const isPc = video.rgb || range === "pc";
  return {
    primaries: primariesOf(video),
    transfer: isHdr(video) ? transfer : "bt709",
    matrix: matrixOf(video),
    range: isPc ? "pc" : "tv",
  };
}

function primariesOf({ color }: Pick<VideoTrack, "color">): string {
  const { primaries = "", space } = color;
  if (PRIMARIES.has(primaries)) return primaries;
  return isHdr({ color }) || isBt2020(space) ? "bt2020" : "bt709";
}

function matrixOf(video: Pick<VideoTrack, "color" | "rgb" | "width" | "height">): string {
  const { space = "", primaries } = video.color;
  if (video.rgb) return "gbr";
  if (MATRICES.has(space)) return space;
  if (isHdr(video) || isBt2020(space) || primaries === "bt2020") return "bt2020nc";
  // As in every player, untagged standard definition is BT.601.
  return video.height < 720 && video.width < 1280 ? "smpte170m" : "bt709";
}

const isBt2020 = (space: string | undefined) => space === "bt2020nc" || space === "bt2020c";

/** Overrides the tags of each frame. */
export function tagFilter({ primaries, transfer, matrix, range }: Color): string {
  return `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}:range=${range}`;
}

/** How each kind of output stores BT.709. A JPEG has no tags: it is always BT.601 in full range. */
export const TARGETS = {
  h264: { matrix: "bt709", range: "tv" },
  jpeg: { matrix: "bt470bg", range: "pc" },
} as const;
export type Samples = keyof typeof TARGETS;
