import { expect, test } from "vitest";
import { fitInto } from "./fit.ts";

const BOX = { maxWidth: 1280, maxHeight: 720 };

test.each([
  ["1920x1080", "1280x720"],
  ["1080x1920", "720x1280"],
  ["640x360", "640x360"],
  ["64x36", "64x36"],
  ["2000x2000", "720x720"],
  ["3840x1600", "1280x533"],
  ["8000x2", "1280x1"],
])("a picture of %s becomes a poster of %s", (from, to) => {
  const [width = 0, height = 0] = from.split("x").map(Number);
  const size = fitInto(BOX, { width, height });
  expect(`${size.width}x${size.height}`).toBe(to);
});
