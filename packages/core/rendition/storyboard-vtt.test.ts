import fc from "fast-check";
import { expect, test } from "vitest";
import { storyboardOf } from "./storyboard.ts";
import { storyboardUri, storyboardVtt } from "./storyboard-vtt.ts";

const LAYOUT = "#EXT-X-TILES:RESOLUTION=128x72,LAYOUT=2x2,DURATION=1.500";
const playlist = (...lines: string[]) =>
  ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-IMAGES-ONLY", ...lines, "#EXT-X-ENDLIST", ""].join("\n");
const signed = (uri: string) => `https://cdn.example/hls/${uri}?Key-Pair-Id=K`;

test("gives each picture of the tiles its time and its rectangle", () => {
  const text = playlist("#EXTINF:6.000,", LAYOUT, "1.jpg", "#EXTINF:0.500,", LAYOUT, "2.jpg");
  const url = (tile: number) => `https://cdn.example/hls/${tile}.jpg?Key-Pair-Id=K`;
  expect(storyboardVtt(text, signed).split("\n\n")).toEqual([
    "WEBVTT",
    `00:00:00.000 --> 00:00:01.500\n${url(1)}#xywh=0,0,128,72`,
    `00:00:01.500 --> 00:00:03.000\n${url(1)}#xywh=128,0,128,72`,
    `00:00:03.000 --> 00:00:04.500\n${url(1)}#xywh=0,72,128,72`,
    `00:00:04.500 --> 00:00:06.000\n${url(1)}#xywh=128,72,128,72`,
    `00:00:06.000 --> 00:00:06.500\n${url(2)}#xywh=0,0,128,72\n`,
  ]);
});

test("reads a layout before the length, and one that stands for all tiles", () => {
  const usual = playlist("#EXTINF:6.000,", LAYOUT, "1.jpg", "#EXTINF:3.000,", LAYOUT, "2.jpg");
  const other = playlist(LAYOUT, "#EXTINF:6.00000,", "1.jpg", "#EXTINF:3.00000,", "2.jpg");
  expect(storyboardVtt(other, signed)).toBe(storyboardVtt(usual, signed));
});

test("names the playlist with the largest pictures", () => {
  const line = (size: string, uri: string) =>
    `#EXT-X-IMAGE-STREAM-INF:BANDWIDTH=1,RESOLUTION=${size},CODECS="jpeg",URI="${uri}"`;
  const text = ["#EXTM3U", line("64x36", "small.m3u8"), line("128x72", "large.m3u8")].join("\n");
  expect(storyboardUri(text)).toBe("large.m3u8");
  expect(storyboardUri("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n")).toBeUndefined();
});

interface Cue {
  start: number;
  end: number;
  uri: string;
  rectangle: string;
}

const CUE = /^(\d\d+):(\d\d):(\d\d\.\d{3}) --> (\d\d+):(\d\d):(\d\d\.\d{3})\n(\S+)#xywh=([\d,]+)$/;

function cuesOf(vtt: string): Cue[] {
  const [head, ...blocks] = vtt.trimEnd().split("\n\n");
  expect(head).toBe("WEBVTT");
  return blocks.map((block) => {
    const [, h = "", m = "", s = "", h2 = "", m2 = "", s2 = "", uri = "", rectangle = ""] =
      CUE.exec(block) ?? [];
    const seconds = (...[a, b, c]: [string, string, string]) =>
      Number(a) * 3600 + Number(b) * 60 + Number(c);
    return { start: seconds(h, m, s), end: seconds(h2, m2, s2), uri, rectangle };
  });
}

/** The playlist that an encoder writes for this source. */
function written(durationSeconds: number, width: number, height: number) {
  const source = { width, height, frameRate: 25, durationSeconds };
  const { intervalSeconds, columns, rows, ...size } = storyboardOf(source);
  const tileSeconds = intervalSeconds * columns * rows;
  const layout = `#EXT-X-TILES:RESOLUTION=${size.width}x${size.height},LAYOUT=${columns}x${rows},DURATION=${intervalSeconds.toFixed(3)}`;
  const lines: string[] = [];
  for (let at = 0; at * tileSeconds < durationSeconds; at += 1) {
    const left = Math.min(tileSeconds, durationSeconds - at * tileSeconds);
    lines.push(`#EXTINF:${left.toFixed(3)},`, layout, `${at}.jpg`);
  }
  return { text: playlist(...lines), intervalSeconds, columns, rows, ...size };
}

test("covers a video of any size and length without a gap, each picture once", () => {
  const side = fc.integer({ min: 16, max: 8192 });
  // In milliseconds, as a playlist states it.
  const length = fc.integer({ min: 100, max: 43_200_000 }).map((ms) => ms / 1000);
  fc.assert(
    fc.property(length, side, side, (seconds, w, h) => {
      const { text, width, height, columns, rows } = written(seconds, w, h);
      const cues = cuesOf(storyboardVtt(text, (uri) => uri));
      expect(cues.length).toBeGreaterThan(0);
      expect(cues.length).toBeLessThanOrEqual(200);
      expect(cues[0]?.start).toBe(0);
      expect(cues.at(-1)?.end).toBeCloseTo(seconds, 2);
      cues.forEach(({ start, end, rectangle }, at) => {
        expect(start).toBe(cues[at - 1]?.end ?? 0);
        expect(end).toBeGreaterThan(start);
        const [x = -1, y = -1, ...size] = rectangle.split(",").map(Number);
        expect(size).toEqual([width, height]);
        expect([x % width, y % height]).toEqual([0, 0]);
        expect([x >= 0 && x < width * columns, y >= 0 && y < height * rows]).toEqual([true, true]);
      });
      const places = new Set(cues.map(({ uri, rectangle }) => `${uri} ${rectangle}`));
      expect(places.size).toBe(cues.length);
    }),
    { numRuns: 50 },
  );
});

test("has 200 pictures of a three-hour film", () => {
  expect(cuesOf(storyboardVtt(written(10_800, 1920, 1080).text, signed))).toHaveLength(200);
});

test("has no cue for a text that names no tile, and ends with any number", () => {
  const tag = fc.constantFrom("#EXTINF:", "#EXT-X-TILES:", "#EXT-X-IMAGE-STREAM-INF:", "");
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom("RESOLUTION=0x9,LAYOUT=9x9", "RESOLUTION=8x8,LAYOUT=99999x99999,DURATION=1"),
    fc.constantFrom("NaN", "-1", "1e9", "0"),
  );
  const line = fc.tuple(tag, value).map(([one, rest]) => `${one}${rest}`);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const cues = storyboardVtt(lines.join("\n"), () => "a.jpg").split("-->").length - 1;
      expect(cues).toBeLessThanOrEqual(10_000);
      storyboardUri(lines.join("\n"));
    }),
  );
  expect(storyboardVtt("Hello", signed)).toBe("WEBVTT\n");
});
