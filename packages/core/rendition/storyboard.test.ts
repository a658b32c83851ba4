import fc from "fast-check";
import { expect, test } from "vitest";
import { storyboardOf } from "./storyboard.ts";

const clip = { width: 1920, height: 1080, frameRate: 25, durationSeconds: 60 };

test.each([
  ["a clip of five seconds", { durationSeconds: 5 }, [240, 136, 1, 5, 1]],
  ["a minute", {}, [240, 136, 1, 10, 6]],
  ["three hours", { durationSeconds: 10_800 }, [240, 136, 54, 10, 10]],
  ["an unknown length", { durationSeconds: 0 }, [240, 136, 1, 10, 10]],
  ["a portrait phone", { rotation: 90 }, [136, 242, 1, 10, 6]],
])("spreads the pictures of %s", (_, source, expected) => {
  const { width, height, intervalSeconds, columns, rows } = storyboardOf({ ...clip, ...source });
  expect([width, height, intervalSeconds, columns, rows]).toEqual(expected);
});

test("keeps at most 200 pictures and MediaConvert's limits for every source", () => {
  fc.assert(
    fc.property(
      fc.record({
        width: fc.integer({ min: 2, max: 8192 }),
        height: fc.integer({ min: 2, max: 8192 }),
        rotation: fc.constantFrom(0, 90),
        frameRate: fc.constant(25),
        durationSeconds: fc.double({ min: 0, max: 43_200, noNaN: true }),
      }),
      (source) => {
        const { width, height, intervalSeconds, columns, rows } = storyboardOf(source);
        expect(Math.ceil(source.durationSeconds / intervalSeconds)).toBeLessThanOrEqual(200);
        expect([width % 8, height % 2]).toEqual([0, 0]);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(2);
        expect(height * rows).toBeLessThanOrEqual(4096);
        expect(width * columns).toBeLessThanOrEqual(4096);
      },
    ),
  );
});
