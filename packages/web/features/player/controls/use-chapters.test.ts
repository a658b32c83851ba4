import { expect, test } from "vitest";
import { chapterCues } from "./use-chapters.ts";

test("ends each chapter where the next one starts, and the last one with the video", () => {
  const chapters = [
    { startMs: 4_500, title: "B" },
    { startMs: 0, title: "A" },
  ];
  expect(chapterCues(chapters, 10)).toEqual([
    { start: 0, end: 4.5, text: "A" },
    { start: 4.5, end: 10, text: "B" },
  ]);
});

test("leaves out chapters that start after the end or at the same time as the next one", () => {
  const chapters = [0, 2_000, 2_000, 9_000].map((startMs) => ({ startMs, title: `${startMs}` }));
  expect(chapterCues(chapters, 5).map(({ start, end }) => [start, end])).toEqual([
    [0, 2],
    [2, 5],
  ]);
});

test("shows a title as text, not as markup", () => {
  expect(chapterCues([{ startMs: 0, title: "<b>Q&A" }], 1)[0]?.text).toBe("&lt;b>Q&amp;A");
});
