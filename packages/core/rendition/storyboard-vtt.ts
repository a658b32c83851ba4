/** WebVTT of a storyboard, as players read it for the previews of their seek bar. Safe in the browser. */
import { formatTimestamp } from "../timestamp.ts";

/** The URI of the playlist of the largest pictures that a multivariant playlist names. Undefined without a storyboard. */
export function storyboardUri(multivariant: string): string | undefined {
  const lines = [...multivariant.matchAll(/^#EXT-X-IMAGE-STREAM-INF:(.*)$/gm)];
  const found = lines.flatMap(([, attributes = ""]) => {
    const uri = /(?:^|,)URI="([^"]+)"/.exec(attributes)?.[1];
    const [width, height] = sizeOf(attributes, "RESOLUTION") ?? [0, 0];
    return uri === undefined ? [] : [{ uri, pixels: width * height }];
  });
  return found.sort((a, b) => b.pixels - a.pixels)[0]?.uri;
}

/** More than any storyboard has, so that a damaged playlist ends somewhere. */
const MOST_PICTURES = 10_000;

/**
 * WebVTT with one cue for each picture of a playlist of tiles: `<url of the tile>#xywh=x,y,width,height`. A tile has its
 * pictures in rows, and the last one only as many as its length says. The playlist's format is that of MediaConvert and
 * of Roku's description of HLS image playlists. Without pictures, the text has no cue.
 *
 * @param urlOf the URL of a tile for the URI in the playlist. It may add a signature
 */
export function storyboardVtt(playlist: string, urlOf: (uri: string) => string): string {
  const cues = tilesOf(playlist).flatMap((tile) => cuesOf(tile, urlOf(tile.uri)));
  return `${["WEBVTT", ...cues.slice(0, MOST_PICTURES)].join("\n\n")}\n`;
}

interface Tile {
  uri: string;
  /** When its first picture is shown, and for how long all of them are, in seconds. */
  start: number;
  seconds: number;
  width: number;
  height: number;
  columns: number;
  rows: number;
  /** Of one picture. */
  pictureSeconds: number;
}

function tilesOf(playlist: string): Tile[] {
  const tiles: Tile[] = [];
  let start = 0;
  let seconds = 0;
  // The tag describes the tile that follows it, before or after the tile's length.
  let layout = "";
  for (const line of playlist.split(/\r?\n/)) {
    if (line.startsWith("#EXTINF:")) seconds = Number.parseFloat(line.slice("#EXTINF:".length));
    else if (line.startsWith("#EXT-X-TILES:")) layout = line.slice("#EXT-X-TILES:".length);
    else if (line !== "" && !line.startsWith("#")) {
      const [width = 0, height = 0] = sizeOf(layout, "RESOLUTION") ?? [];
      const [columns = 0, rows = 0] = sizeOf(layout, "LAYOUT") ?? [];
      const stated = Number(/(?:^|,)DURATION=([\d.]+)/.exec(layout)?.[1]);
      const pictureSeconds = stated > 0 ? stated : seconds / (columns * rows);
      const isWhole = width * height * columns * rows > 0 && seconds > 0 && pictureSeconds > 0;
      const tile = { uri: line, start, seconds, width, height, columns, rows, pictureSeconds };
      if (isWhole) tiles.push(tile);
      if (seconds > 0) start += seconds;
    }
  }
  return tiles;
}

function cuesOf(tile: Tile, url: string): string[] {
  const { start, seconds, width, height, columns, rows, pictureSeconds } = tile;
  // The lengths are rounded to milliseconds: less than a hundredth of a picture does not count.
  const needed = Math.max(1, Math.ceil(seconds / pictureSeconds - 0.01));
  const pictures = Math.min(columns * rows, needed, MOST_PICTURES);
  return Array.from({ length: pictures }, (_, at) => {
    const from = start + at * pictureSeconds;
    const to = at === pictures - 1 ? start + seconds : from + pictureSeconds;
    const [x, y] = [(at % columns) * width, Math.floor(at / columns) * height];
    return `${formatTimestamp(from)} --> ${formatTimestamp(to)}\n${url}#xywh=${x},${y},${width},${height}`;
  });
}

/** An attribute such as `LAYOUT=5x4`. */
function sizeOf(attributes: string, name: string): [number, number] | undefined {
  const [, width, height] = new RegExp(`(?:^|,)${name}=(\\d+)x(\\d+)`).exec(attributes) ?? [];
  return width === undefined ? undefined : [Number(width), Number(height)];
}
