import fc from "fast-check";
import { expect, test } from "vitest";
import { isImported, listOf } from "./import-filter.ts";

const ALL = { prefixes: [], suffixes: [] };
const at = (key: string, sizeBytes = 1) => ({ key, sizeBytes });

test.each([
  ".DS_Store",
  "card/.DS_Store",
  "card/Thumbs.db",
  "card/desktop.ini",
  "card/._A001C002.mov",
  "card/.Spotlight-V100/Store-V2/clip.mov",
  "System Volume Information/clip.mov",
  "$RECYCLE.BIN/$R1.mov",
  "card/C0001M01.XML",
  "card/clip.json",
  "card/clip.mov.xmp",
  "card/clip.de.srt",
  "card/clip.VTT",
])("makes no job of %s", (key) => {
  expect(isImported(at(key), ALL)).toBe(false);
});

test.each([
  "clip.mov",
  "a folder/clip.MP4",
  "clip",
  "xml/clip.mov",
  "thumbs.db/clip.mov",
  "my.json.mov",
  "..mov",
])("makes a job of %s", (key) => {
  expect(isImported(at(key), ALL)).toBe(true);
});

test("makes no job of a folder, which is an empty object", () => {
  expect(isImported(at("a folder/", 0), ALL)).toBe(false);
  expect(isImported(at("a folder/", 1), ALL)).toBe(true);
  expect(isImported(at("clip.mov", 0), ALL)).toBe(true);
});

test("makes jobs only of keys with one of the prefixes and one of the suffixes", () => {
  const filter = { prefixes: ["masters/", "dailies/"], suffixes: [".mov", ".MXF"] };
  expect(isImported(at("masters/a.mov"), filter)).toBe(true);
  expect(isImported(at("dailies/a.MOV"), filter)).toBe(true);
  expect(isImported(at("dailies/a.mxf"), filter)).toBe(true);
  expect(isImported(at("dailies/a.mp4"), filter)).toBe(false);
  expect(isImported(at("other/masters/a.mov"), filter)).toBe(false);
  expect(isImported(at("Masters/a.mov"), filter)).toBe(false);
});

test("reads a list without empty items, whatever surrounds the commas", () => {
  expect(listOf("")).toEqual([]);
  expect(listOf(" masters/ ,, dailies/day 1/,")).toEqual(["masters/", "dailies/day 1/"]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const item of listOf(text)) expect(item).toMatch(/^[^,\s]([^,]*[^,\s])?$/s);
    }),
  );
});
