import { expect, test } from "vitest";
import { oneLine } from "./one-line.ts";

test.each([
  ["control characters", "a\u0000b\r\nc\u007f.mp4", "a b c .mp4"],
  ["a right-to-left override", "holiday\u202e4pm.gpj", "holiday4pm.gpj"],
  ["isolates and marks", "\u2067a\u2069\u200f.mp4", "a.mp4"],
  ["half of a surrogate pair", "a\ud83c.mp4", "a\ufffd.mp4"],
  ["a separator of lines", "a\u2028b", "a b"],
  ["Arabic text", "فيلم.mp4", "فيلم.mp4"],
])("text with %s stays on one line, in its order", (_, text, line) => {
  expect(oneLine(text)).toBe(line);
});
