import { expect, test } from "vitest";
import { chosenLevel, levelName, levelOptions, levelValue } from "./level-view.ts";

const FULL = { index: 1, width: 1920, height: 1080, frameRate: 60 };
const SMALL = { index: 0, width: 360, height: 640, frameRate: 30 };

test("names a level by its short side, and by a high frame rate", () => {
  expect(levelName(FULL)).toBe("1080p60");
  expect(levelName(SMALL)).toBe("360p");
});

test("shows the current level beside the automatic choice only", () => {
  const labels = (automatic: boolean) =>
    levelOptions([FULL, SMALL], SMALL, automatic).map(({ label }) => label);
  expect(labels(true)).toEqual(["Automatic (360p)", "1080p60", "360p"]);
  expect(labels(false)).toEqual(["Automatic", "1080p60", "360p"]);
});

test("reads each choice back", () => {
  for (const chosen of [undefined, 0, 1]) expect(chosenLevel(levelValue(chosen))).toBe(chosen);
});
