import { expect, test } from "vitest";
import { doubleTap } from "./touch.ts";

const tap = (atMs: number, x: number) => ({ atMs, x });

test("seeks after two quick taps at the same side only", () => {
  expect(doubleTap(tap(0, 10), tap(200, 20), 300)).toBe(-10);
  expect(doubleTap(tap(0, 290), tap(200, 280), 300)).toBe(10);
  expect(doubleTap(undefined, tap(200, 20), 300)).toBeUndefined();
  expect(doubleTap(tap(0, 10), tap(400, 20), 300)).toBeUndefined();
  expect(doubleTap(tap(0, 10), tap(200, 290), 300)).toBeUndefined();
  expect(doubleTap(tap(0, 150), tap(200, 150), 300)).toBeUndefined();
});
