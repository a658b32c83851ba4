import type { VideoTrack } from "../media.ts";

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
 * Filters that convert an HDR picture to BT.709. Cameras and editors often write only the transfer function,
 * and zscale does not guess the rest ("no path between colorspaces"). So each missing, reserved or unusable
 * tag counts as BT.2020 with non-constant luminance in limited range, the format of BT.2100 video.
 */
export function toneMap({ color, rgb }: Pick<VideoTrack, "color" | "rgb">): string[] {
  const { primaries = "", space = "", transfer = "" } = color;
  const tags = {
    color_primaries: PRIMARIES.has(primaries) ? primaries : "bt2020",
    color_trc: transfer,
    colorspace: rgb ? "gbr" : MATRICES.has(space) ? space : "bt2020nc",
    range: rgb || color.range === "pc" ? "pc" : "tv",
  };
  const options = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return [
    // Overrides the tags of each frame.
    `setparams=${options.join(":")}`,
    "zscale=transfer=linear:npl=100",
    "format=gbrpf32le",
    "zscale=primaries=bt709",
    "tonemap=hable:desat=0",
    "zscale=transfer=bt709:matrix=bt709:range=tv",
  ];
}
