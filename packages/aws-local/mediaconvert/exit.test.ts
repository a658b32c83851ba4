import { expect, test } from "vitest";
import { DiskFull } from "./disk.ts";
import { checkExit } from "./exit.ts";
import { parseMedia } from "./media.ts";

const media = (container: string, duration?: number) =>
  parseMedia({ streams: [], format: { format_name: container, duration } });
const MP4 = "mov,mp4,m4a,3gp,3g2,mj2";
const result = (over: { seconds?: number; frames?: number; code?: number; line?: string }) => ({
  code: over.code ?? 0,
  lines: over.line ? [over.line] : [],
  progress: { seconds: over.seconds ?? 10, frames: over.frames ?? 300 },
});

test("accepts a complete input, with and without a duration in its container", () => {
  expect(() => checkExit(result({}), media(MP4, 10))).not.toThrow();
  expect(() => checkExit(result({}), media("matroska,webm"))).not.toThrow();
});

test("does not call a file incomplete that was read to its end", () => {
  const read = { ...media("mpegts", 10), joins: 1 };
  expect(() => checkExit(result({ seconds: 4 }), read)).not.toThrow();
});

test("accepts a screen recording that ends with a still picture", () => {
  expect(() => checkExit(result({ seconds: 4 }), media(MP4, 10))).not.toThrow();
});

test.each([
  ["a demuxer reported missing bytes", MP4, "[mov] stream 0, offset 0x1: partial file"],
  ["a connection broke", "matroska,webm", "[http] Stream ends prematurely at 5, should be 9"],
  ["a file without an index was far too short", "mpegts", undefined],
])("reports 1076 despite exit code 0 after %s", (_, container, line) => {
  const run = () => checkExit(result({ seconds: 4, ...(line && { line }) }), media(container, 10));
  expect(run).toThrow(expect.objectContaining({ code: 1076 }));
});

const streams = [
  { index: 0, codec_type: "video", codec_name: "h264", width: 320, height: 180 },
  { index: 1, codec_type: "audio", codec_name: "wmapro", channels: 2 },
];
const video = parseMedia({ streams, format: { format_name: MP4, duration: 10 } });

test.each([
  // Caused by the file.
  ["Invalid data found when processing input", 1, 9003],
  ["Could not find codec parameters for stream 0", 1, 9003],
  ["Decoder (codec hap) not found for input stream #0:0", 1, 1030],
  ["Decoder (codec none) not found for input stream #0:1", 1, 9002],
  ["Error while opening decoder for input stream #0:1 : Operation not permitted", 1, 9002],
  ["Picture size 9x9 exceeds specified max pixel count 80, see the documentation", 1, 9008],
  // Caused by the machine.
  ["", 137, 1999],
  ["", 139, 1999],
  ["Exiting normally, received signal 15.", 255, 1999],
  ["", 255, 1999],
  ["moov atom not found\nInvalid data found\nExiting normally, received signal 15.", 1, 1999],
  ["Error initializing output: Cannot allocate memory", 1, 9004],
  ["http://127.0.0.1:1/a: Connection refused", 1, 1522],
  // Caused by a bug of the encoder.
  ["no path between colorspaces", 1, 9999],
  ["No such filter: 'tonemap'", 1, 9999],
  ["Unrecognized option 'hwaccell'. Invalid data found when processing input", 1, 9999],
  ["something that no list has", 1, 9999],
])("maps ffmpeg's output %j with exit code %i to %i", (line, code, expected) => {
  const run = () => checkExit(result({ code, line }), video);
  expect(run).toThrow(expect.objectContaining({ code: expected }));
});

test("throws DiskFull for a full disk, so that the job waits", () => {
  const line = "av_interleaved_write_frame(): No space left on device";
  expect(() => checkExit(result({ code: 1, line }), video)).toThrow(DiskFull);
});

test("reports damage if no frame can be decoded", () => {
  expect(() => checkExit(result({ frames: 0 }), video)).toThrow(
    expect.objectContaining({ code: 9003 }),
  );
});

test("keeps ffmpeg's output in the log only", () => {
  const line = "[mov @ 0x55d0c0ffee80] Invalid data found in http://h/a.mp4?X-Amz-Signature=abc";
  const run = () => checkExit(result({ code: 1, line }), video);
  expect(run).toThrow(
    expect.objectContaining({
      message: "The input's data is corrupt.",
      log: expect.stringContaining("Invalid data found"),
    }),
  );
});
