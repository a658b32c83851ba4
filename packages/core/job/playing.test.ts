import { expect, test } from "vitest";
import { kept, playing } from "./playing.ts";

const first = { attempt: 1, landed: ["720p", "poster"], posterKey: "1/poster.jpg" };

test("an attempt plays until a later one is complete, however many fail in between", () => {
  const second = { attempt: 2, landed: ["720p"], earlier: kept(first) };
  expect(playing(second)).toEqual(first);
  const third = { attempt: 3, landed: [], earlier: kept(second) };
  expect(playing(third)).toEqual(first);
});

test("without an earlier one, the attempt itself plays, and nothing is kept of one that has nothing", () => {
  expect(playing(first)).toEqual(first);
  expect(kept({ attempt: 1, landed: [] })).toBeUndefined();
});
