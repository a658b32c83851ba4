import { expect, test } from "vitest";
import { SOURCE_LIMITS } from "../source-limits.ts";
import { rejectCost } from "./rejection.ts";

const TWELVE_HOURS = 43_200;
const video = { width: 3840, height: 2160, durationSeconds: TWELVE_HOURS };
const GIB = 1024 ** 3;

test("accepts a 2160p60 video of the maximum length with six renditions", () => {
  expect(rejectCost(video, 100 * GIB, SOURCE_LIMITS)).toBeUndefined();
  expect(TWELVE_HOURS * 60 * 6).toBeLessThan(SOURCE_LIMITS.maxJobFrames);
});

test("accepts a video of a still picture and a recording of a static screen", () => {
  const still = { ...video, durationSeconds: 3600 };
  expect(rejectCost(still, 3000, SOURCE_LIMITS)).toBeUndefined();
  const screen = { ...video, durationSeconds: 3 * 3600 };
  expect(rejectCost(screen, 3 * 3600 * 20, SOURCE_LIMITS)).toBeUndefined();
});

test.each([
  ["two frames eleven hours apart", { ...video, durationSeconds: 42_480 }, 1600, "too_sparse"],
  ["frames of 108 megapixels", { ...video, width: 12_000, height: 9000 }, GIB, "too_many_pixels"],
  [
    "a length that nobody can encode",
    { ...video, durationSeconds: 1e6 },
    90 * GIB,
    "too_many_frames",
  ],
])("rejects %s", (_, media, sizeBytes, type) => {
  expect(rejectCost(media, sizeBytes, SOURCE_LIMITS)?.type).toBe(`source.${type}`);
});
