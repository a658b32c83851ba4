import { describe, expect, it } from "vitest";
import { captionsFacts, guessLanguage, languageOptions } from "./captions-view.ts";

describe("the language of a file", () => {
  it.each([
    ["clip.de.srt", "de"],
    ["clip.pt-BR.vtt", "pt-BR"],
    ["clip.PT_br.vtt", "pt-BR"],
    ["two.dots.fr.forced.srt", "fr"],
    ["clip.srt", "sv"],
    ["de", "sv"],
    ["", "sv"],
  ])("of %j is %s", (name, language) => {
    expect(guessLanguage(name, "sv-SE")).toBe(language);
  });

  it("is English if nothing is known", () => {
    expect(guessLanguage("clip.vtt", "tlh")).toBe("en");
  });
});

it("the options include every language once, by name, and the current one", () => {
  const options = languageOptions("haw");
  expect(options).toContainEqual({ value: "haw", label: "Hawaiian" });
  expect(options).toContainEqual({ value: "pt-BR", label: "Brazilian Portuguese" });
  expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
  expect(languageOptions("en")).toHaveLength(options.length - 1);
});

it("the facts say the language and how many captions there are", () => {
  expect(captionsFacts({ language: "de", cues: 1 })).toEqual(["German", "1 caption"]);
  expect(captionsFacts({ language: "en-GB", cues: 1200 })).toEqual([
    "British English",
    "1,200 captions",
  ]);
});
