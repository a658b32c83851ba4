import { describe, expect, it } from "vitest";
import * as Format from "./format.ts";
import * as Technical from "./technical-format.ts";

describe("sizes of files", () => {
  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1500, "1.5 kB"],
    [999_400, "999 kB"],
    [999_949, "1 MB"],
    [1_000_000, "1 MB"],
    [123_456_789, "123 MB"],
    [5_368_709_120, "5.4 GB"],
    [2e15, "2,000 TB"],
  ])("shows %d bytes as %s", (bytes, shown) => {
    expect(Format.formatBytes(bytes)).toBe(shown);
  });
});

describe("lengths", () => {
  it.each([
    [0, "0:00"],
    [6.6, "0:07"],
    [59.6, "1:00"],
    [725, "12:05"],
    [3723, "1:02:03"],
  ])("shows %d seconds as %s", (seconds, shown) => {
    expect(Format.formatTimecode(seconds)).toBe(shown);
  });

  it.each([
    [-5, "0 s"],
    [412, "0.4 s"],
    [9_960, "10 s"],
    [59_600, "1 min"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [3_780_000, "1 h 3 min"],
    [90_000_000, "1 d 1 h"],
  ])("says %d ms as %s", (milliseconds, said) => {
    expect(Format.formatSpan(milliseconds)).toBe(said);
  });
});

describe("ages", () => {
  const now = Date.parse("2026-06-15T12:00:00.000Z");
  it.each([
    ["2026-06-15T12:00:03.000Z", "just now"],
    ["2026-06-15T11:59:20.000Z", "just now"],
    ["2026-06-15T11:57:00.000Z", "3 min. ago"],
    ["2026-06-14T11:00:00.000Z", "yesterday"],
    ["2026-06-10T11:00:00.000Z", "5 days ago"],
    ["2024-06-10T11:00:00.000Z", "2 yr. ago"],
  ])("says %s as %s", (time, said) => {
    expect(Format.formatAge(time, now)).toBe(said);
  });
});

describe("figures of a video", () => {
  it("shows rates as the presets write them", () => {
    expect(Technical.formatBitRate(5_400_000)).toBe("5,400 kb/s");
    expect(Technical.formatFrameRate(30000 / 1001)).toBe("29.97 fps");
    expect(Technical.formatFrameRate(30)).toBe("30 fps");
  });

  it("shows a dash where the size is not known", () => {
    expect(Technical.formatSize(1920, 1080)).toBe("1920×1080");
    expect(Technical.formatSize(undefined, 1080)).toBe("–");
  });
});
