import { expect, test } from "vitest";
import { kept, playing } from "./playing.ts";

const first = { attempt: 1, landed: ["720p", "poster"], posterKey: "1/poster.jpg" };

test("plays an attempt until a later one is complete, even if several fail in between", () => {
  const second = { attempt: 2, landed: ["720p"], earlier: kept(first) };
  expect(playing(second)).toEqual(first);
  const third = { attempt: 3, landed: [], earlier: kept(second) };
  expect(playing(third)).toEqual(first);
});

test("plays the current attempt if none is earlier, and keeps no attempt without renditions", () => {
  expect(playing(first)).toEqual(first);
  expect(kept({ attempt: 1, landed: [] })).toBeUndefined();
});
