/**
 * Playlists of images, in the format that MediaConvert writes and Roku describes:
 * https://developer.roku.com/docs/developer-program/media-playback/trick-mode/hls-and-dash.md
 */
import type { CmafImages } from "../translate/plan.ts";

export interface Tile {
  uri: string;
  bytes: number;
}

/**
 * Each tile has rows of small pictures. The last one has only as many as the video needs, and is listed with what
 * is left of the video.
 */
export function imagesPlaylist(images: CmafImages, tiles: Tile[], seconds: number): string {
  const tileSeconds = secondsOf(images);
  const { size, columns, rows, intervalSeconds } = images;
  const layout = `#EXT-X-TILES:RESOLUTION=${size.width}x${size.height},LAYOUT=${columns}x${rows},DURATION=${intervalSeconds.toFixed(3)}`;
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(tileSeconds))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-IMAGES-ONLY",
    ...tiles.flatMap(({ uri }, at) => {
      const left = Math.min(tileSeconds, seconds - at * tileSeconds);
      // Rounded, because one picture more would follow from a length that is a microsecond above a whole number.
      return [`#EXTINF:${Math.max(0.001, left).toFixed(3)},`, layout, uri];
    }),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

/** A line of the multivariant playlist. */
export function imagesLine(images: CmafImages, tiles: Tile[], uri: string): string {
  const largest = Math.max(0, ...tiles.map(({ bytes }) => bytes));
  const bandwidth = Math.ceil((largest * 8) / secondsOf(images));
  const { width, height } = images.size;
  return `#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=${width}x${height},CODECS="jpeg",URI="${uri}"`;
}

/** How long a full tile lasts. */
const secondsOf = ({ columns, rows, intervalSeconds }: CmafImages) =>
  columns * rows * intervalSeconds;
