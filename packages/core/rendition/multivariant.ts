import HLS from "hls-parser";
import type { Info, Rung } from "./schema.ts";

// It would log what it cannot read.
HLS.setOptions({ silent: true });

type Stream = Required<Pick<Info, "rungs" | "hasStoryboard" | "captions">> &
  Pick<Info, "videoCodec" | "audioCodec">;

/**
 * What a multivariant playlist says about its stream: the picture sizes, largest first, the captions tracks, and
 * whether there is a storyboard. Undefined if the text is no multivariant playlist.
 */
export function readMultivariant(text: string): Stream | undefined {
  const playlist = parse(text);
  if (!playlist?.isMasterPlaylist) return undefined;
  const variants = playlist.variants.filter(({ isIFrameOnly }) => !isIFrameOnly);
  // The parser accepts a playlist without the attribute that every variant must have.
  const isWhole = variants.every(({ bandwidth }) => Number.isFinite(bandwidth));
  if (variants.length === 0 || !isWhole) return undefined;
  const tracks = variants.flatMap(({ subtitles }) => subtitles);
  const captions = new Map(tracks.map(({ uri, language, name }) => [uri, { language, name }]));
  const rungs = variants.flatMap(rungOf);
  const codecs = variants.map((variant) => variant.codecs ?? "").join(",");
  return {
    videoCodec: codecs.includes("avc1") ? "AVC" : undefined,
    audioCodec: codecs.includes("mp4a") ? "AAC" : undefined,
    rungs: rungs.sort((a, b) => b.width * b.height - a.width * a.height),
    // The parser does not read this tag.
    hasStoryboard: /^#EXT-X-IMAGE-STREAM-INF:/m.test(text),
    captions: [...captions.values()],
  };
}

/** Nothing for a variant without picture. */
function rungOf(variant: HLS.types.Variant): Rung[] {
  const { resolution, frameRate, bandwidth, averageBandwidth } = variant;
  if (!resolution) return [];
  const { width, height } = resolution;
  return [{ width, height, frameRate, bitRate: bandwidth, averageBitRate: averageBandwidth }];
}

function parse(text: string): HLS.types.MasterPlaylist | undefined {
  try {
    const playlist = HLS.parse(text);
    return playlist instanceof HLS.types.MasterPlaylist ? playlist : undefined;
  } catch {
    return undefined;
  }
}
