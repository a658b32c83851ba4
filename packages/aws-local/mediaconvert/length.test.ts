import { describe, expect, test } from "vitest";
import { lengthNeeds, Timeline, withLength } from "./length.ts";
import { parseMedia } from "./media.ts";

/** Two seconds of 25 frames and 50 audio packets a second, from `start` on the recording's clock. */
function recording(start: number) {
  return Array.from({ length: 100 }, (_, n) => n * 0.02).flatMap((at, n) => [
    { stream: 1, pts: start + at, dts: start + at, duration: 0.02, position: 0 },
    ...(n % 2
      ? []
      : [{ stream: 0, pts: start + at, dts: start + at, duration: 0.04, position: n }]),
  ]);
}
function lengthOf(starts: number[], jumps = true): number {
  const timeline = new Timeline(jumps);
  for (const packet of starts.flatMap(recording)) timeline.add(packet);
  const found = timeline.result(true);
  return (found?.endSeconds ?? 0) - (found?.startSeconds ?? 0);
}

test.each([
  ["one recording", [1.4], 2],
  ["a clock that jumps hours forward", [1.4, 36_001], 4],
  ["a clock that jumps back", [36_001, 1.4], 4],
  ["a clock that begins again at the same time", [1.4, 1.4], 4],
  ["a clock that wraps after 26.5 hours", [95_441, 0], 4],
  ["three recordings", [1.4, 40_000, 3], 6],
])("computes the playable duration of joined recordings: %s", (_, starts, seconds) => {
  expect(lengthOf(starts)).toBeCloseTo(seconds, 1);
});

test.each([
  ["one recording", [1.4], 0],
  ["two", [1.4, 36_001], 1],
  ["three, the last one with an earlier clock", [1.4, 40_000, 3], 2],
])("counts where recordings were joined: %s", (_, starts, joins) => {
  const timeline = new Timeline(true);
  for (const packet of starts.flatMap(recording)) timeline.add(packet);
  expect(timeline.result(true)?.joins).toBe(joins);
});

test("keeps the gaps of a format with one clock", () => {
  expect(lengthOf([0, 30], false)).toBeCloseTo(32, 1);
});

const media = (container: string, duration?: number) =>
  parseMedia({
    streams: [{ index: 0, codec_type: "video", width: 64, height: 36, avg_frame_rate: "25/1" }],
    format: { format_name: container, ...(duration && { duration }) },
  });

describe("lengthNeeds", () => {
  test.each([
    ["mov,mp4,m4a,3gp,3g2,mj2", 10, undefined],
    ["mov,mp4,m4a,3gp,3g2,mj2", undefined, "all"],
    ["matroska,webm", 10, "end"],
    ["matroska,webm", undefined, "all"],
    ["mpegts", 10, "all"],
    ["mpeg", 10, "all"],
    ["aac", 10, "all"],
    ["mp3", 10, "all"],
    ["avi", 10, undefined],
  ])("for %s with a duration of %s s: %s", (container, seconds, needs) => {
    expect(lengthNeeds(media(container, seconds))).toBe(needs);
  });
});

const reading = (over: object) => ({
  startSeconds: 0,
  endSeconds: 2,
  ends: new Map([[0, 2]]),
  position: 100,
  joins: 0,
  complete: true,
  ...over,
});

test("holds the last frame of a recording with a still end, but not of a truncated one", () => {
  const video = media("matroska,webm", 14);
  expect(withLength(video, reading({}), 100).video?.stillSeconds).toBeCloseTo(12);
  expect(withLength(video, reading({ complete: false }), 100).video?.stillSeconds).toBeUndefined();
  const moving = reading({ ends: new Map([[0, 13.9]]) });
  expect(withLength(video, moving, 100).video?.stillSeconds).toBeUndefined();
});

test("limits a track's duration to the part that was read", () => {
  const joined = parseMedia({
    streams: [
      { index: 0, codec_type: "video", width: 64, height: 36, duration: "36001.9" },
      { index: 1, codec_type: "audio", channels: 2, duration: "36001.8" },
    ],
    format: { format_name: "mpegts", duration: "36002" },
  });
  const ends = new Map([
    [0, 5.4],
    [1, 5],
  ]);
  const found = withLength(joined, reading({ startSeconds: 1.4, endSeconds: 5.4, ends }), 1000);
  expect(found).toMatchObject({ durationSeconds: 4, video: { durationSeconds: 4 } });
  expect(found.audio[0]?.durationSeconds).toBeCloseTo(3.6);
  const part = withLength(joined, reading({ complete: false }), 1000);
  expect(part.video?.durationSeconds).toBeUndefined();
});

test("estimates the duration from the part that was read before the timeout", () => {
  const part = reading({ complete: false });
  const unknown = withLength(media("matroska,webm"), part, 1000);
  expect(unknown).toMatchObject({ durationSeconds: 20, lengthIsEstimate: true });
  const stated = withLength(media("mpegts", 21), part, 1000);
  expect(stated).toMatchObject({ durationSeconds: 21, lengthIsEstimate: true });
  const absurd = withLength(media("mpegts", 36_002), part, 1000);
  expect(absurd).toMatchObject({ durationSeconds: 20, lengthIsEstimate: true });
});
