import { describe, expect, test } from "vitest";
import { check, MAX_BYTES } from "./jpeg.ts";

const START = [0xff, 0xd8];
const APP = [0xff, 0xe0, 0, 4, 1, 2];
const END = [0xff, 0xd9];
const SCAN = [0xff, 0xda, 0, 2, 1, 2, 3];
const frame = (width: number, height: number, code = 0xc0) => {
  const head = Buffer.from([0xff, code, 0, 8, 8, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(height, 5);
  head.writeUInt16BE(width, 7);
  return [...head];
};
const file = (...parts: number[][]) => Uint8Array.from(parts.flat());

describe("a poster", () => {
  test.each([0xc0, 0xc1, 0xc2])("has the size of its frame header %i", (code) => {
    expect(check(file(START, APP, frame(1280, 720, code), SCAN, END))).toEqual({
      width: 1280,
      height: 720,
    });
  });

  test.each([
    ["no bytes", file()],
    ["a start alone", file(START)],
    ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0])],
    ["no frame", file(START, APP, SCAN, END)],
    ["no end", file(START, APP, frame(64, 36), SCAN)],
    ["a lossless frame", file(START, frame(64, 36, 0xc3), SCAN, END)],
    ["a segment without a length", file(START, [0xff, 0xe0, 0, 0], frame(64, 36), SCAN, END)],
    ["a segment beyond the end", file(START, [0xff, 0xe0, 255, 255], frame(64, 36), SCAN, END)],
    ["bytes between segments", file(START, [0, 0], frame(64, 36), SCAN, END)],
  ])("with %s is rejected", (_, bytes) => {
    const rejected = expect.objectContaining({ code: "poster.invalid" });
    expect(() => check(bytes)).toThrow(rejected);
  });

  test.each([
    [15, 720],
    [4097, 720],
    [720, 0],
  ])("of %i by %i pixels is rejected", (width, height) => {
    expect(() => check(file(START, frame(width, height), SCAN, END))).toThrow(/16 to 4096 pixels/);
  });

  test("above one megabyte is rejected", () => {
    const large = file(START, frame(64, 36), SCAN, Array(MAX_BYTES).fill(0), END);
    expect(() => check(large)).toThrow(expect.objectContaining({ code: "request.too_large" }));
  });
});
