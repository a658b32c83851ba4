import { describe, expect, it } from "vitest";
import * as Format from "./format.ts";
import * as Technical from "./technical-format.ts";

describe("formatTimecode", () => {
  it.each([
    [0, "0:00"],
    [6.6, "0:07"],
    [59.6, "1:00"],
    [725, "12:05"],
    [3723, "1:02:03"],
  ])("shows %d seconds as %s", (seconds, shown) => {
    expect(Format.formatTimecode(seconds)).toBe(shown);
  });
});

describe("formatAge", () => {
  const now = Date.parse("2026-06-15T12:00:00.000Z");
  it.each([
    ["2026-06-15T12:00:03.000Z", "just now"],
    ["2026-06-15T11:59:20.000Z", "just now"],
    ["2026-06-15T11:57:00.000Z", "3 min. ago"],
    ["2026-06-14T11:00:00.000Z", "yesterday"],
    ["2026-06-10T11:00:00.000Z", "5 days ago"],
    ["2024-06-10T11:00:00.000Z", "2 yr. ago"],
  ])("shows %s as %s", (time, shown) => {
    expect(Format.formatAge(time, now)).toBe(shown);
  });
});

describe("technical formats", () => {
  it("show rates as the presets do", () => {
    expect(Technical.formatBitRate(5_400_000)).toBe("5,400 kb/s");
    expect(Technical.formatFrameRate(30000 / 1001)).toBe("29.97 fps");
    expect(Technical.formatFrameRate(30)).toBe("30 fps");
  });

  it("show a dash for an unknown size", () => {
    expect(Technical.formatSize(1920, 1080)).toBe("1920×1080");
    expect(Technical.formatSize(undefined, 1080)).toBe("–");
  });
});
