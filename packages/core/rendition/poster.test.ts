import fc from "fast-check";
import { expect, test } from "vitest";
import { pickPoster } from "./poster.ts";

const captures = (...sizes: number[]) =>
  sizes.map((sizeBytes, at) => ({ key: `a-poster.000000${at}.jpg`, sizeBytes }));

test.each([
  ["a film that fades in", [900, 4000, 20_000, 41_000], 3],
  ["a film that fades out", [40_000, 41_000, 9000, 900], 0],
  ["a black film", [900, 900, 900], 0],
  ["a film of one frame", [900], 0],
  ["captures that hardly differ", [40_000, 41_000, 40_500], 0],
])("%s", (_, sizes, chosen) => {
  expect(pickPoster(captures(...sizes))?.key).toBe(`a-poster.000000${chosen}.jpg`);
});

test("the choice does not depend on the order in which captures are listed", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { maxLength: 8 }), (sizes) => {
      const all = captures(...sizes);
      expect(pickPoster(all.toReversed())).toEqual(pickPoster(all));
    }),
  );
  expect(pickPoster([])).toBeUndefined();
});
