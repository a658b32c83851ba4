import { expect, test } from "vitest";
import { isCaptionsFile, languageBeside, prefixOfCaptions, prefixOfVideo } from "./beside.ts";

test.each([
  ["a/film.srt", "a/film.mp4", "und"],
  ["film.VTT", "film.mov", "und"],
  ["film.en.srt", "film.mp4", "en"],
  ["film.eng.vtt", "film.mp4", "en"],
  ["film.pt-br.srt", "film.mp4", "pt-BR"],
  ["film.en.srt", "film.en.mp4", "und"],
  ["day 1.take 2.de.srt", "day 1.take 2.mxf", "de"],
])("%s is beside %s, in the language %s", (key, video, language) => {
  expect(languageBeside(key, video)).toBe(language);
  expect(video.startsWith(prefixOfCaptions(key))).toBe(true);
  expect(key.startsWith(prefixOfVideo(video))).toBe(true);
});

test.each([
  ["b/film.srt", "a/film.mp4"],
  ["film.srt", "Film.mp4"],
  ["film2.srt", "film.mp4"],
  ["film.hd.srt", "film.mp4"],
  ["film.english.srt", "film.mp4"],
  ["film.en.forced.srt", "film.mp4"],
  ["film.xml", "film.mp4"],
  ["film.srt", "film"],
  ["a.b/film.srt", "a.mp4"],
])("%s is not beside %s", (key, video) => {
  expect(languageBeside(key, video)).toBeUndefined();
});

test("a file without a name is no captions file", () => {
  expect([".srt", "a/.vtt", "a.srt", "a.txt"].map(isCaptionsFile)).toEqual([
    ...[false, false],
    ...[true, false],
  ]);
});
