import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryOf, keyOf, MAX_KEYS, MAX_WORDS, matches, termsOf, wordsOf } from "./words.ts";

const find = (query: string, title: string, tags: string[] = []) =>
  matches(entryOf({ title, fileName: "x.mp4", tags }).words, termsOf(query));

const word = fc.stringMatching(/^[a-zéüß0-9]{1,14}$/);
const title = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(" "));
const anyText = fc.string({ unit: "binary", maxLength: 200 });

describe("wordsOf", () => {
  it.each([
    ["summer_trip-2024.final.mp4", ["summer", "trip", "2024", "final", "mp4"]],
    ["Crème BRÛLÉE", ["creme", "brulee"]],
    ["Straße", ["strasse"]],
    ["ﬁlm Ⅳ", ["film", "iv"]],
    ["ΟΔΟΣ", ["οδοσ"]],
    ["東京の夜", ["東京", "の", "夜"]],
    ["🎉 !?", []],
  ])("splits %s", (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  it("accepts any text, and returns words without spaces and marks", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const one of wordsOf(text)) expect(one).toMatch(/^[^\s\p{M}#]{1,32}$/u);
      }),
    );
  });
});

describe("a search", () => {
  it("finds a title by its words in any order, case and composition", () => {
    fc.assert(
      fc.property(title, (text) => {
        expect(find(text, text)).toBe(true);
        expect(find(text.toUpperCase().normalize("NFD"), text)).toBe(true);
        expect(find(wordsOf(text).reverse().join("-"), text)).toBe(true);
      }),
    );
  });

  it("matches the beginning of the last word only", () => {
    expect(find("trip sum", "Summer trip")).toBe(true);
    expect(find("sum trip", "Summer trip")).toBe(false);
    expect(find("ummer", "Summer trip")).toBe(false);
    expect(find("東", "東京タワー")).toBe(true);
  });

  it("finds words of the file name and of tags", () => {
    expect(find("x mp4", "Summer trip")).toBe(true);
    expect(find("drafts", "Summer trip", ["First drafts"])).toBe(true);
  });

  it("reads a key that every matching video has", () => {
    fc.assert(
      fc.property(title, fc.nat(), fc.integer({ min: 1, max: 20 }), (text, at, length) => {
        const words = wordsOf(text);
        const query = [...(words[at % words.length] ?? "")].slice(0, length).join("");
        const entry = entryOf({ title: text, fileName: "x.mp4" });
        fc.pre(entry.keys.length < MAX_KEYS);
        for (const term of termsOf(query)) {
          expect(matches(entry.words, [term])).toBe(true);
          expect(entry.keys).toContain(keyOf(term));
        }
      }),
    );
  });
});

it("limits the rows of a video, whatever its texts are", () => {
  fc.assert(
    fc.property(anyText, anyText, fc.array(anyText, { maxLength: 10 }), (text, fileName, tags) => {
      const { words, keys } = entryOf({ title: text, fileName, tags });
      expect(words.length).toBeLessThanOrEqual(MAX_WORDS + tags.length);
      expect(keys.length).toBeLessThanOrEqual(MAX_KEYS + tags.length);
      expect(keys.every((key) => Buffer.byteLength(key) <= 1024)).toBe(true);
    }),
  );
});
