import fc from "fast-check";
import { expect, test } from "vitest";
import { pickPoster } from "./poster.ts";

const captures = (...sizes: number[]) =>
  sizes.map((sizeBytes, at) => ({ key: `a-poster.000000${at}.jpg`, sizeBytes }));

test.each([
  ["a video that fades in", [900, 4000, 20_000, 41_000], 3],
  ["a video that fades out", [40_000, 41_000, 9000, 900], 0],
  ["a black video", [900, 900, 900], 0],
  ["a video of one frame", [900], 0],
  ["a video whose captures hardly differ", [40_000, 41_000, 40_500], 0],
])("picks the most detailed capture of %s", (_, sizes, chosen) => {
  expect(pickPoster(captures(...sizes))?.key).toBe(`a-poster.000000${chosen}.jpg`);
});

test("picks the same capture in any order of the list", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { maxLength: 8 }), (sizes) => {
      const all = captures(...sizes);
      expect(pickPoster(all.toReversed())).toEqual(pickPoster(all));
    }),
  );
  expect(pickPoster([])).toBeUndefined();
});
