import { expect, test } from "vitest";
import { languageName, languageTag } from "./language.ts";

test.each([
  ["eng", "en", "English"],
  ["deu", "de", "German"],
  ["ger", "de", "German"],
  ["FRE", "fr", "French"],
  ["jpn", "ja", "Japanese"],
  ["gsw", "gsw", "Swiss German"],
])("names the language of the code %s", (code, tag, name) => {
  expect(languageTag(code)).toBe(tag);
  expect(languageName(tag)).toBe(name);
});

test.each([undefined, "und", "mul", "zxx", "mis", "qaa", "", "e", "english", "12"])(
  "finds no language in %j",
  (code) => {
    expect(languageTag(code)).toBeUndefined();
  },
);
