import { expect, test } from "vitest";
import { SOURCE_LIMITS } from "../source-limits.ts";
import { rejectCost } from "./rejection.ts";

const TWELVE_HOURS = 43_200;
const film = { width: 3840, height: 2160, durationSeconds: TWELVE_HOURS };
const GIB = 1024 ** 3;

test("a 2160p60 film of the longest length that is allowed passes, with six renditions", () => {
  expect(rejectCost(film, 100 * GIB, SOURCE_LIMITS)).toBeUndefined();
  expect(TWELVE_HOURS * 60 * 6).toBeLessThan(SOURCE_LIMITS.maxJobFrames);
});

test("a still picture and a screen on which little happens pass", () => {
  const still = { ...film, durationSeconds: 3600 };
  expect(rejectCost(still, 3000, SOURCE_LIMITS)).toBeUndefined();
  const screen = { ...film, durationSeconds: 3 * 3600 };
  expect(rejectCost(screen, 3 * 3600 * 20, SOURCE_LIMITS)).toBeUndefined();
});

test.each([
  ["two frames eleven hours apart", { ...film, durationSeconds: 42_480 }, 1600, "too_sparse"],
  [
    "frames of a hundred megapixels",
    { ...film, width: 12_000, height: 9000 },
    GIB,
    "too_many_pixels",
  ],
  [
    "a length that nobody can encode",
    { ...film, durationSeconds: 1e6 },
    90 * GIB,
    "too_many_frames",
  ],
])("%s are refused", (_, media, sizeBytes, type) => {
  expect(rejectCost(media, sizeBytes, SOURCE_LIMITS)?.type).toBe(`source.${type}`);
});
