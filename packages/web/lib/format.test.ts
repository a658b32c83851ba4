import fc from "fast-check";
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

it("writes times as Intl does", () => {
  const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium", hourCycle: "h23" });
  const age = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
  const MINUTE = 60_000;
  const ages = fc.constantFrom(
    ...([
      ["minute", MINUTE, 59],
      ["hour", 60 * MINUTE, 23],
      ["day", 1440 * MINUTE, 6],
      ["week", 7 * 1440 * MINUTE, 4],
      ["month", 30 * 1440 * MINUTE, 12],
      ["year", 365 * 1440 * MINUTE, 9],
    ] as const),
  );
  const times = fc.date({ min: new Date(2000, 0), max: new Date(2100, 0), noInvalidDate: true });
  fc.assert(
    fc.property(times, ages, fc.nat(), (time, [unit, ms, most], some) => {
      const iso = time.toISOString();
      expect(Format.formatMoment(iso)).toBe(moment.format(time));
      expect(Technical.formatClock(iso)).toBe(clock.format(time));
      const count = 1 + (some % most);
      const shown = Format.formatAge(iso, time.getTime() + count * ms);
      expect(shown).toBe(age.format(-count, unit));
    }),
  );
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
