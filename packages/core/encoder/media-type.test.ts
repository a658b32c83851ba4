import type { Track } from "@aws-sdk/client-mediaconvert";
import { expect, test } from "vitest";
import { mediaTypeOf } from "./media-type.ts";

const picture = (Codec: Track["Codec"], Profile?: string, Level?: string) =>
  ({ Codec, VideoProperties: { CodecMetadata: { Profile, Level } } }) as const;
const sound = (Codec: Track["Codec"]) => ({ Codec }) as const;

test.each([
  [
    "mp4",
    picture("AVC", "High", "4.1"),
    sound("AAC"),
    'video/mp4; codecs="avc1.640029, mp4a.40.2"',
  ],
  [
    "mp4",
    picture("AVC", "Constrained Baseline", "3.0"),
    undefined,
    'video/mp4; codecs="avc1.42e01e"',
  ],
  ["quicktime", picture("AVC", "Main"), undefined, 'video/mp4; codecs="avc1.4d4028"'],
  [
    "mp4",
    picture("HEVC", "Main 10", "5.1"),
    sound("AAC"),
    'video/mp4; codecs="hvc1.2.4.L153.B0, mp4a.40.2"',
  ],
  ["webm", picture("VP9", "Profile 0"), sound("OPUS"), 'video/webm; codecs="vp09.00.40.08, opus"'],
  ["matroska", picture("AV1", "Main"), sound("OPUS"), 'video/webm; codecs="av01.0.08M.08, opus"'],
  ["matroska", picture("VP8"), undefined, 'video/webm; codecs="vp8"'],
])("names the type of %s with %o and %o", (format, video, audio, type) => {
  expect(mediaTypeOf(format, video, audio)).toBe(type);
});

test.each([
  ["mp4", picture("PRORES"), undefined],
  ["quicktime", picture("AVC", "High", "4.1"), sound("PCM")],
  ["mp4", picture("AVC", "Extended", "4.1"), undefined],
  ["matroska", picture("AVC", "High", "4.1"), sound("AAC")],
  ["mpegts", picture("AVC", "High", "4.1"), sound("AAC")],
  [undefined, picture("AVC", "High", "4.1"), undefined],
])("names no type that no browser plays: %s with %o and %o", (format, video, audio) => {
  expect(mediaTypeOf(format, video, audio)).toBeUndefined();
});
