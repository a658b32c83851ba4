import * as HLS from "hls-parser";
import { beforeAll, expect, test } from "vitest";
import type { AudioContent, CmafTrack } from "../translate/plan.ts";
import {
  measuredRate,
  mediaPlaylist,
  multivariantPlaylist,
  parseTrackFile,
  upperBound,
} from "./playlist.ts";

beforeAll(() => HLS.setOptions({ strictMode: true }));

const video: CmafTrack = {
  file: "0-0",
  keyStem: "media/job_1/1/a b/hls/index-1080p",
  content: {
    type: "video",
    size: { width: 1920, height: 1080 },
    rate: { numerator: 30_000, denominator: 1001 },
    maxBitRate: 5_000_000,
  },
};
const audio = (name: string, more: Partial<AudioContent> = {}): CmafTrack => ({
  file: `0-${name}`,
  keyStem: `media/job_1/1/a b/hls/index-${name}`,
  content: {
    type: "audio",
    audioGroup: "audio",
    name,
    isDefault: false,
    isAutoSelected: true,
    channels: 2,
    bitRate: 128_000,
    ...more,
  },
});
const published = (track: CmafTrack) => ({
  track,
  codec: track.content.type === "video" ? "avc1.640028" : "mp4a.40.2",
  rate: upperBound(track),
});
const segments = (...lengths: number[]) =>
  lengths.map((seconds) => ({ seconds, start: 0, bytes: seconds * 1000 }));

test("reads only what ffmpeg has written completely", () => {
  const whole = [
    '#EXTM3U\n#EXT-X-MAP:URI="0-0.mp4",BYTERANGE="775@0"\n',
    "#EXTINF:2.000000,\n#EXT-X-BYTERANGE:62861@775\n0-0.mp4\n",
    "#EXTINF:1.500000,\n#EXT-X-BYTERANGE:76503@63636\n0-0.mp4\n#EXT-X-ENDLIST\n",
  ].join("");
  const all = [
    { seconds: 2, start: 775, bytes: 62_861 },
    { seconds: 1.5, start: 63_636, bytes: 76_503 },
  ];
  expect(parseTrackFile(whole)).toEqual({ initBytes: 775, segments: all });
  for (let end = 0; end < whole.length; end++) {
    const { segments: found } = parseTrackFile(whole.slice(0, end));
    expect(found).toEqual(all.slice(0, found.length));
  }
});

test.each([
  ["no segment yet", [], false],
  ["segments of a video that grows", [2.002, 2.002], false],
  ["the segments of a complete video", [2.002, 2.002, 0.1], true],
] as const)("lists %s", (_, lengths, isComplete) => {
  const text = mediaPlaylist(video, segments(...lengths), 2.002, isComplete);
  const list = HLS.parse(text);
  expect(list).toMatchObject({ endlist: isComplete, playlistType: "EVENT", targetDuration: 2 });
  expect(text.includes("#EXT-X-START:TIME-OFFSET=0")).toBe(!isComplete);
});

test("keeps one target duration that no segment exceeds", () => {
  for (const seconds of [1, 1.984, 2, 2.002, 2.45, 2.49, 2.5, 10, 1 / 3]) {
    const sound = segments(seconds + 1024 / 48_000, seconds);
    const target = (count: number) =>
      /TARGETDURATION:(\d+)/.exec(
        mediaPlaylist(audio("a"), sound.slice(0, count), seconds, false),
      )?.[1];
    expect(target(2)).toBe(target(0));
    for (const segment of sound) {
      expect(Math.round(segment.seconds)).toBeLessThanOrEqual(Number(target(0)));
    }
  }
});

test("counts a short last segment with the one before it", () => {
  const lengths = [2, 2, 0.1].map((seconds) => ({ seconds, start: 0, bytes: 100 }));
  expect(measuredRate(lengths, 2)).toEqual({
    peak: Math.ceil(1600 / 2.1),
    average: Math.ceil(2400 / 4.1),
  });
  expect(measuredRate([{ seconds: 0.1, start: 0, bytes: 100 }], 2).peak).toBe(8000);
});

test("lists each language of the audio once, with the rates of the largest", () => {
  const text = multivariantPlaylist(
    [
      video,
      audio("English", { language: "en", isDefault: true }),
      audio("Deutsch", { language: "de", bitRate: 192_000 }),
    ].map(published),
  );
  const list = HLS.parse(text) as HLS.types.MasterPlaylist; // It has variants.
  expect(list.variants).toHaveLength(1);
  expect(list.variants[0]).toMatchObject({
    uri: "index-1080p.m3u8",
    bandwidth: 7_692_000,
    codecs: "avc1.640028,mp4a.40.2",
    frameRate: 29.97,
    audio: [
      { language: "en", isDefault: true, autoselect: true, channels: "2" },
      { language: "de", isDefault: false, autoselect: true, uri: "index-Deutsch.m3u8" },
    ],
  });
});

test("has variants without audio, and without video", () => {
  const silent = HLS.parse(multivariantPlaylist([published(video)])) as HLS.types.MasterPlaylist; // As above.
  expect(silent.variants).toMatchObject([
    { bandwidth: 7_500_000, codecs: "avc1.640028", audio: [] },
  ]);
  const sound = HLS.parse(
    multivariantPlaylist([published(audio("audio"))]),
  ) as HLS.types.MasterPlaylist; // As above.
  expect(sound.variants).toMatchObject([
    { uri: "index-audio.m3u8", bandwidth: 128_000, codecs: "mp4a.40.2", audio: [] },
  ]);
});
