import { expect, test } from "vitest";
import { kept, playing } from "./playing.ts";
import type { Status } from "./status.ts";

const files = { attempt: 1, landed: ["720p", "poster"], posterKey: "1/poster.jpg" };
const attempt = (status: Status, over = {}) => ({ ...files, ...over, status });
const first = attempt("complete");

test("plays an attempt until a later one is complete, even if several fail in between", () => {
  const second = attempt("error", { attempt: 2, earlier: kept(first) });
  expect(playing(second)).toEqual(files);
  const third = attempt("progressing", { attempt: 3, landed: [], earlier: kept(second) });
  expect(playing(third)).toEqual(files);
});

test("plays the current attempt if none is earlier, and keeps no attempt without renditions", () => {
  expect(playing(first)).toEqual(files);
  expect(playing({ ...files, status: "progressing" })).toEqual(files);
  expect(kept({ attempt: 1, status: "complete", landed: [] })).toBeUndefined();
});

test.each(["canceled", "error", "rejected"] as const)(
  "plays nothing of an only attempt that is %s",
  (status) => {
    expect(playing({ ...files, status })).toEqual({ attempt: 1, landed: [] });
    expect(kept({ ...files, status })).toBeUndefined();
  },
);
