import { expect, test } from "vitest";
import { judge } from "./encode.ts";
import { parseMedia } from "./media.ts";

const media = (container: string, duration?: number) =>
  parseMedia({ streams: [], format: { format_name: container, duration } });
const MP4 = "mov,mp4,m4a,3gp,3g2,mj2";
const ended = (over: { seconds?: number; frames?: number; code?: number; line?: string }) => ({
  code: over.code ?? 0,
  lines: over.line ? [over.line] : [],
  last: { seconds: over.seconds ?? 10, frames: over.frames ?? 300 },
});

test("a whole input passes, also where its container says no length", () => {
  expect(() => judge(ended({}), media(MP4, 10))).not.toThrow();
  expect(() => judge(ended({}), media("matroska,webm"))).not.toThrow();
});

test("a screen recording that ends in a still picture is not taken for a broken file", () => {
  expect(() => judge(ended({ seconds: 4 }), media(MP4, 10))).not.toThrow();
});

test.each([
  ["a demuxer that complained", MP4, "[mov] stream 0, offset 0x1: partial file"],
  ["a connection that broke", "matroska,webm", "[http] Stream ends prematurely at 5, should be 9"],
  ["a container without an index that is far too short", "mpegts", undefined],
])("ffmpeg's 0 is not believed: %s is 1076", (_, container, line) => {
  const run = () => judge(ended({ seconds: 4, ...(line && { line }) }), media(container, 10));
  expect(run).toThrow(expect.objectContaining({ code: 1076 }));
});

test("a run that failed has the fitting code", () => {
  const run =
    (line: string, frames = 1) =>
    () =>
      judge(ended({ code: 1, line, frames }), media(MP4, 10));
  expect(run("av_interleaved_write_frame(): No space left on device")).toThrow(
    expect.objectContaining({ code: 1999, message: "The encoder's disk is full." }),
  );
  expect(run("Invalid data found when processing input")).toThrow(
    expect.objectContaining({ code: 1030 }),
  );
  expect(() => judge(ended({ frames: 0 }), media(MP4, 10))).toThrow(
    expect.objectContaining({ code: 1030 }),
  );
});
