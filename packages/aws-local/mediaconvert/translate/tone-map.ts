import type { VideoTrack } from "../media.ts";
import { colorOf, type Samples, TARGETS, tagFilter } from "./color-tags.ts";

/** Filters that convert an HDR picture to the samples of an output in BT.709. */
export function toneMap(
  video: Pick<VideoTrack, "color" | "rgb" | "width" | "height">,
  samples: Samples = "h264",
): string[] {
  const { matrix, range } = TARGETS[samples];
  return [
    tagFilter(colorOf(video)),
    "zscale=transfer=linear:npl=100",
    "format=gbrpf32le",
    "zscale=primaries=bt709",
    "tonemap=hable:desat=0",
    `zscale=transfer=bt709:matrix=${matrix}:range=${range}`,
  ];
}
