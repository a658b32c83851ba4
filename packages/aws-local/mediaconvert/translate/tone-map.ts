import type { VideoTrack } from "../media.ts";
import { colorOf, type Samples, TARGETS, tagFilter } from "./color-tags.ts";

/** The light of diffuse white in cd/m², as in BT.2408. It is 1 in the linear picture. */
const WHITE = 203;
/** The brightest light that PQ can express, in cd/m². */
const PEAK = 10_000;

/**
 * Filters that convert an HDR picture to the samples of an output in BT.709. The curve is linear up to 30 %
 * of diffuse white and then bends, so that no highlight clips. It is the same for every source, whatever the
 * metadata say, and leaves the ratio between red, green and blue as it is.
 */
export function toneMap(
  video: Pick<VideoTrack, "color" | "rgb" | "width" | "height">,
  samples: Samples = "h264",
): string[] {
  const { matrix, range } = TARGETS[samples];
  return [
    tagFilter(colorOf(video)),
    // The approximation of HLG's gamma, which works on each component, would shift hues.
    `zscale=transfer=linear:npl=${WHITE}:agamma=0`,
    "format=gbrpf32le",
    "zscale=primaries=bt709",
    `tonemap=mobius:param=0.3:desat=0:peak=${(PEAK / WHITE).toFixed(2)}`,
    // Integers clip colors that BT.709 cannot show. As chroma, they would darken instead.
    "zscale=transfer=bt709:range=pc",
    "format=gbrp12le",
    `zscale=matrix=${matrix}:range=${range}`,
  ];
}
