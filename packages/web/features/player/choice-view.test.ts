import { expect, test } from "vitest";
import { type Choice, choiceName, distinctChoices } from "./choice-view.ts";

const SMALL = { width: 360, height: 640 };
const choices: Choice[] = [{ id: "1080p", ...SMALL }, { id: "720p", ...SMALL }, { id: "original" }];

test("names a file by its true size, never by the suffix of its key", () => {
  expect(choiceName({ id: "1080p", ...SMALL })).toBe("360p");
  expect(choiceName({ id: "web-720p", width: 1280, height: 720 })).toBe("720p");
});

test("offers each size once, and keeps the file that plays", () => {
  const ids = (playing: Choice["id"]) => distinctChoices(choices, playing).map(({ id }) => id);
  expect(ids("1080p")).toEqual(["1080p", "original"]);
  expect(ids("720p")).toEqual(["720p", "original"]);
});

test("offers files of unknown sizes by their labels", () => {
  expect(distinctChoices([{ id: "720p" }, { id: "audio" }], "720p").map(choiceName)).toEqual([
    "720p",
    "audio",
  ]);
});
