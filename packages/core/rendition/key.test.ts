import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldersOf, kindOf, parse, renditionKey, safeFileName, safeName } from "./key.ts";
import { LABELS } from "./schema.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

describe("safeName", () => {
  test.each([
    ["my video.mp4", "my video"],
    ["été+1 100%.mov", "été+1 100%"],
    ["cost$dt$.mp4", "cost_dt_"],
    [".mp4", "video"],
    ["", "video"],
    ["two.dots.mp4", "two.dots"],
    ["..mp4", "_"],
    ["...", "__"],
    ["🎬 take 2.mov", "🎬 take 2"],
    ["line\nbreak\u0085.mp4", "line_break_"],
    ["no extension", "no extension"],
    ["in/box/clip.mp4", "clip"],
  ])("turns %j into %j", (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  test("cuts 300 Korean characters to 66 whole ones, which are 198 bytes", () => {
    expect(safeName(`${"영".repeat(300)}.mp4`)).toBe("영".repeat(66));
  });

  test("keeps an emoji at the limit whole or leaves it out", () => {
    expect(safeName(`${"a".repeat(197)}🎬.mp4`)).toBe("a".repeat(197));
    expect(safeName(`${"a".repeat(196)}🎬.mp4`)).toBe(`${"a".repeat(196)}🎬`);
  });

  test("makes a key that can be parsed and has at most S3's 1,024 bytes from any name", () => {
    const jobId = "job_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.integer({ min: 1, max: 99_999 }),
        fc.constantFrom(...LABELS),
        (name, attempt, label) => {
          const safe = safeName(name);
          expect(safe).not.toMatch(/[$/\p{Cc}\p{Cs}]/u);
          expect(safe.length).toBeGreaterThan(0);
          expect(bytes(safe)).toBeLessThanOrEqual(200);
          const key = renditionKey(jobId, attempt, safe, label);
          expect(bytes(key)).toBeLessThanOrEqual(1024);
          expect(parse(key)).toEqual({ jobId, attempt, label, kind: kindOf(label) });
          const isRemoved = (one: string) =>
            foldersOf(jobId).some((folder) => one.startsWith(folder));
          expect(isRemoved(key)).toBe(true);
          const ofEarlierVersion = key.slice("media/".length);
          expect(parse(ofEarlierVersion)).toEqual(parse(key));
          expect(isRemoved(ofEarlierVersion)).toBe(true);
        },
      ),
    );
  });

  test.each([
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/b-720p.mp4",
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/0/a/a-720p.mp4",
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/a-480p.mp4",
    "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/a-720p.mp4",
    "media/upl_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/a-720p.mp4",
    "media/media/job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/a-720p.mp4",
    "media/job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/hls/index-720p_000000001.cmfv",
    "a.mp4",
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/hls/index-720p.m3u8",
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/hls/hls/index.m3u8",
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/a-audio.mp4",
    "job_01ARZ3NDEKTSV4RRFFQ69G5FAV/1/a/a-720p.mp4/",
  ])("does not parse the foreign key %s", (key) => {
    expect(parse(key)).toBeUndefined();
  });
});

test("parses every capture as the poster", () => {
  const key = renditionKey("job_01ARZ3NDEKTSV4RRFFQ69G5FAV", 1, "a.1234567.jpg", "poster");
  expect(parse(key)?.label).toBe("poster");
  expect(parse(key.replace(".0000000.jpg", ".0000007.jpg"))?.label).toBe("poster");
});

test("keeps the file's extension in the key of an upload, even if the name is long", () => {
  expect(safeFileName("my video.mp4")).toBe("my video.mp4");
  expect(safeFileName(`${"영".repeat(300)}.mp4`)).toBe(`${"영".repeat(66)}.mp4`);
  expect(safeFileName(".mp4")).toBe(".mp4");
  expect(safeFileName("")).toBe("video");
  expect(safeFileName("..")).toBe("__");
  expect(safeFileName(".")).toBe("_");
  expect(safeFileName("in/..")).toBe("__");
});

test("signs a key for a file of any name that a browser sends unchanged", () => {
  const names = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(".", "/", "%2e", "a", " ", "?", "#", "\\"), maxLength: 6 }),
  );
  fc.assert(
    fc.property(names, (name) => {
      const path = `/bucket/upload/${encodeURIComponent(safeFileName(name))}`;
      expect(new URL(path, "http://127.0.0.1:3002").pathname).toBe(path);
    }),
  );
});
