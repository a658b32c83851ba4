import { expect, test } from "vitest";
import { parseMedia } from "./media.ts";

const picture = (index: number, width: number, disposition: Record<string, number> = {}) => ({
  ...{ index, codec_type: "video", width, height: 90, disposition },
});
const indexOf = (...streams: object[]) =>
  parseMedia({ streams, format: { format_name: "mov" } }).video?.index;

test.each([
  ["the default track, not the first", 1, [picture(0, 1920), picture(1, 160, { default: 1 })]],
  [
    "the largest of several default tracks",
    1,
    [picture(0, 160, { default: 1 }), picture(1, 320, { default: 1 })],
  ],
  ["the largest if there is no default track", 1, [picture(0, 160), picture(1, 320)]],
  ["the first of equal tracks", 0, [picture(0, 320), picture(1, 320)]],
  ["no cover art", 1, [picture(0, 1920, { attached_pic: 1, default: 1 }), picture(1, 160)]],
  ["no thumbnails", 1, [picture(0, 1920, { timed_thumbnails: 1 }), picture(1, 160)]],
  ["no track without a size", 1, [picture(0, 0, { default: 1 }), picture(1, 160)]],
])("selects as the picture: %s", (_, index, streams) => {
  expect(indexOf(...streams)).toBe(index);
});

test("leaves out the audio of other programs", () => {
  const audio = (index: number) => ({ index, codec_type: "audio", channels: 1 });
  const streams = [picture(0, 160), audio(1), picture(2, 320), audio(3), audio(4)];
  const programs = [
    { streams: [{ index: 0 }, { index: 1 }] },
    { streams: [{ index: 2 }, { index: 3 }] },
  ];
  const found = parseMedia({ streams, programs, format: { format_name: "mpegts" } });
  expect(found.audio.map(({ index }) => index)).toEqual([3, 4]);
});

test("lists subtitles in text, and counts those in pictures as data", () => {
  const tracks = ["mov_text", "dvd_subtitle", "subrip", "eia_608"];
  const streams = tracks.map((codec_name, index) => ({
    index,
    codec_type: "subtitle",
    codec_name,
  }));
  const { text, dataIndexes } = parseMedia({ streams, format: { format_name: "mov" } });
  expect(text.map(({ index }) => index)).toEqual([0, 2]);
  expect(dataIndexes).toEqual([1, 3]);
});

test.each([
  ["dvvideo", undefined, true],
  ["dvvideo", "progressive", false],
  ["h264", undefined, false],
  ["h264", "tt", true],
])("deinterlaces frames of %s with the field order %s: %s", (codec_name, field_order, is) => {
  const stream = { ...picture(0, 320), codec_name, field_order };
  const { video } = parseMedia({ streams: [stream], format: { format_name: "avi" } });
  expect(video?.interlaced).toBe(is);
});
