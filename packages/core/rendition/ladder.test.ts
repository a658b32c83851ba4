import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LadderSource, ladderFor, rungIn } from "./ladder.ts";
import { PRESETS } from "./preset.ts";

const clip = { width: 1920, height: 1080, frameRate: 30, durationSeconds: 60 };
const sizes = (source: Partial<LadderSource>) =>
  ladderFor({ ...clip, ...source }).map(({ width, height }) => `${width}x${height}`);

const sources = fc.record({
  width: fc.integer({ min: 2, max: 8192 }),
  height: fc.integer({ min: 2, max: 8192 }),
  rotation: fc.constantFrom(0, 90, 180, 270, -90),
  sampleAspect: fc.double({ min: 0.5, max: 2, noNaN: true }),
  frameRate: fc.double({ min: 0.1, max: 240, noNaN: true }),
  durationSeconds: fc.double({ min: 0, max: 43_200, noNaN: true }),
});
const rateOf = ({ frameRate }: { frameRate: { numerator: number; denominator: number } }) =>
  frameRate.numerator / frameRate.denominator;

describe("ladderFor", () => {
  test.each([
    ["1080p", {}, ["1920x1080", "1280x720", "852x480", "640x360", "426x240"]],
    [
      "a portrait phone",
      { rotation: 90 },
      ["1080x1920", "720x1280", "480x852", "360x640", "240x426"],
    ],
    ["a small clip", { width: 360, height: 640 }, ["360x640", "240x426"]],
    [
      "a size above a rung",
      { width: 1600, height: 900 },
      ["1600x900", "1280x720", "852x480", "640x360", "426x240"],
    ],
    [
      "a size just above a rung",
      { width: 1360, height: 765 },
      ["1280x720", "852x480", "640x360", "426x240"],
    ],
    ["a tiny clip", { width: 64, height: 36 }, ["64x36"]],
    ["anamorphic PAL", { width: 720, height: 576, sampleAspect: 64 / 45 }, ["640x360", "426x240"]],
    ["two seconds", { durationSeconds: 2 }, ["1920x1080"]],
    ["four seconds", { durationSeconds: 4 }, ["1920x1080", "426x240"]],
  ])("makes the rungs of %s", (_, source, expected) => {
    expect(sizes(source)).toEqual(expected);
  });

  test("makes at least one rung, with even sizes, none above the source", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const rungs = ladderFor(source);
        expect(rungs.length).toBeGreaterThan(0);
        const longest = Math.max(source.width, source.height);
        for (const { width, height } of rungs) {
          expect([width % 2, height % 2]).toEqual([0, 0]);
          expect(Math.max(width, height)).toBeLessThanOrEqual(longest);
          expect(width * height).toBeLessThanOrEqual(Math.max(4, source.width * source.height));
          expect(Math.min(width, height)).toBeLessThanOrEqual(2160);
        }
      }),
    );
  });

  test("orders the rungs by size and bit rate, each size once", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const rungs = ladderFor(source);
        for (const [at, rung] of rungs.slice(1).entries()) {
          const larger = rungs[at];
          expect(rung.width * rung.height).toBeLessThan(
            (larger?.width ?? 0) * (larger?.height ?? 0),
          );
          expect(rung.maxBitRate).toBeLessThanOrEqual(larger?.maxBitRate ?? 0);
        }
      }),
    );
  });

  test("keeps the rate up to 60, and up to 30 below 480 lines", () => {
    fc.assert(
      fc.property(sources, (source) => {
        for (const rung of ladderFor(source)) {
          const short = Math.min(rung.width, rung.height);
          expect(rateOf(rung)).toBeLessThanOrEqual(60.1);
          if (short < 478) expect(rateOf(rung)).toBeLessThanOrEqual(30.1);
          // At most one frame more in a segment of two seconds, or in one second.
          expect(rateOf(rung)).toBeLessThanOrEqual(source.frameRate * 1.001 + 1);
        }
      }),
    );
    const rates = ladderFor({ ...clip, frameRate: 60 }).map(rateOf);
    expect(rates).toEqual([60, 60, 60, 30, 30]);
  });

  test("makes an average rate constant, and a standard one exact", () => {
    const [rung] = ladderFor({ ...clip, frameRate: 29.97 });
    expect(rung?.frameRate).toEqual({ numerator: 30_000, denominator: 1001 });
    const [variable] = ladderFor({ ...clip, frameRate: 27.3461 });
    expect(variable?.frameRate).toEqual({ numerator: 55, denominator: 2 });
    const [slow] = ladderFor({ ...clip, frameRate: 0.1 });
    expect(slow?.frameRate).toEqual({ numerator: 1, denominator: 2 });
  });

  test("has keyframes at the same frames in every rung", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const rates = ladderFor(source).map(({ frameRate }) => frameRate);
        const framesOf = ({ numerator, denominator }: (typeof rates)[number]) =>
          // 30000/1001 is 30 pictures in 1.001 s, so that a segment of 60 pictures is 2.002 s long.
          denominator === 1001 ? numerator / 500 : (2 * numerator) / denominator;
        const frames = rates.map(framesOf);
        expect(frames.every(Number.isInteger)).toBe(true);
        expect(new Set(frames.map((count) => (frames[0] ?? 0) / count)).size).toBeLessThanOrEqual(
          2,
        );
        for (const count of frames) expect([1, 2]).toContain((frames[0] ?? 0) / count);
      }),
    );
  });

  test("keeps within a profile's limits", () => {
    fc.assert(
      fc.property(
        sources,
        fc.integer({ min: 144, max: 2160 }),
        fc.integer({ min: 1, max: 60 }),
        (source, maxShortSide, maxFrameRate) => {
          for (const rung of ladderFor(source, { maxShortSide, maxFrameRate })) {
            expect(Math.min(rung.width, rung.height)).toBeLessThanOrEqual(maxShortSide);
            expect(rateOf(rung)).toBeLessThanOrEqual(maxFrameRate + 0.1);
          }
        },
      ),
    );
  });

  test("names each rung of a source differently by its short side", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const names = ladderFor(source).map(({ width, height }) => Math.min(width, height));
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  test("caps a rung higher at a higher frame rate", () => {
    const cap = (frameRate: number) => ladderFor({ ...clip, frameRate })[0]?.maxBitRate ?? 0;
    expect([cap(24), cap(30), cap(60)]).toEqual([4_470_000, 5_000_000, 7_070_000]);
  });

  test("makes no more rungs than the clip has segments", () => {
    fc.assert(
      fc.property(sources, (source) => {
        if (source.durationSeconds <= 0) return;
        const segments = Math.max(1, Math.floor(source.durationSeconds / 2));
        expect(ladderFor(source).length).toBeLessThanOrEqual(segments);
      }),
    );
  });
});

describe("rungIn", () => {
  const [, box] = PRESETS.map(({ video }) => video);
  const boxed = (source: Partial<LadderSource>) => {
    if (!box) throw new Error("There are three presets.");
    const { width, height } = rungIn(box, { ...clip, ...source });
    return `${width}x${height}`;
  };

  test.each([
    ["1080p", {}, "1280x720"],
    ["a portrait phone", { rotation: 90 }, "720x1280"],
    ["a small clip", { width: 360, height: 640 }, "360x640"],
    ["a wide picture", { width: 3840, height: 1080 }, "1280x360"],
    ["a strip", { width: 8192, height: 100 }, "1280x14"],
    ["a short 4K clip", { width: 3840, height: 2160, durationSeconds: 2 }, "1280x720"],
  ])("fits %s into the box of a preset", (_, source, expected) => {
    expect(boxed(source)).toBe(expected);
  });

  test("fits every source into every preset's box, in either orientation, and never enlarges it", () => {
    fc.assert(
      fc.property(sources, fc.constantFrom(...PRESETS), (source, { video }) => {
        const rung = rungIn(video, source);
        const longest = Math.max(source.width, source.height);
        expect(Math.max(rung.width, rung.height)).toBeLessThanOrEqual(
          Math.min(Math.max(2, longest), video.maxWidth),
        );
        expect(Math.min(rung.width, rung.height)).toBeLessThanOrEqual(video.maxHeight);
        expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
      }),
    );
  });

  test("is a rung of the ladder of every source that is not short or extremely wide", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 240, max: 4320 }),
        fc.double({ min: 0.4, max: 2.5, noNaN: true }),
        fc.constantFrom(...PRESETS),
        (height, ratio, { video }) => {
          const source = { ...clip, height, width: Math.round(height * ratio) };
          expect(ladderFor(source)).toContainEqual(rungIn(video, source));
        },
      ),
    );
  });
});
