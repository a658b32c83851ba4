import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatLength,
  formatNumber,
  formatSpan,
  formatUtc,
  formatWait,
} from "./format.ts";

it("writes numbers as Intl does", () => {
  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 9 }), fc.nat({ max: 9_949 }), (value, milliseconds) => {
      expect(formatNumber(value)).toBe(whole.format(value));
      expect(formatNumber(value / 8)).toBe(whole.format(value / 8));
      expect(formatSpan(milliseconds)).toBe(`${decimal.format(milliseconds / 1000)} s`);
    }),
  );
});

it("writes a time of a command so that it sorts, is one column, and can be parsed", () => {
  const shown = formatUtc("2026-11-30T07:05:59.123Z");
  expect(shown).toBe("2026-11-30T07:05Z");
  expect(new Date(shown).toISOString()).toBe("2026-11-30T07:05:00.000Z");
});

describe("formatBytes", () => {
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
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe("formatSpan", () => {
  it.each([
    [-5, "0 s"],
    [412, "0.4 s"],
    [9_960, "10 s"],
    [59_600, "1 min"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [3_780_000, "1 h 3 min"],
    [90_000_000, "1 d 1 h"],
  ])("shows %d ms as %s", (milliseconds, shown) => {
    expect(formatSpan(milliseconds)).toBe(shown);
  });
});

describe("formatLength", () => {
  it.each([
    [0, "0 s"],
    [59.2, "1 min"],
    [125, "2 min 5 s"],
    [14_400, "4 h"],
    [14_400.1, "4 h 1 s"],
  ])("shows %d seconds as %s", (seconds, shown) => {
    expect(formatLength(seconds)).toBe(shown);
  });
});

describe("formatWait", () => {
  it.each([
    [1, "a second"],
    [90, "90 seconds"],
    [91, "2 minutes"],
    [900, "15 minutes"],
  ])("shows %d seconds as %s", (seconds, shown) => {
    expect(formatWait(seconds)).toBe(shown);
  });
});
