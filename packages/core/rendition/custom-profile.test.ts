import { expect, test } from "vitest";
import { definedProfiles, profileMistakes } from "./custom-profile.ts";
import { labelsOf, PROFILES } from "./profile.ts";

test("reads a profile, with defaults for what it does not say", () => {
  const json = JSON.stringify({
    preview: { summary: "Small.", maxShortSide: 480, downloads: ["720p"] },
  });
  expect(definedProfiles(json)).toEqual({
    mistakes: [],
    profiles: [
      {
        name: "preview",
        summary: "Small.",
        picture: true,
        hls: true,
        downloads: ["720p"],
        usesPresets: false,
        storyboard: true,
        captions: true,
        maxShortSide: 480,
        maxFrameRate: 60,
        quality: 8,
      },
    ],
  });
});

const summary = "One.";
test.each([
  ["{", "it is not JSON"],
  [[], "expected record"],
  [{ a: {} }, "a.summary: "],
  [{ a: { summary: "" } }, "a.summary: "],
  [{ a: { summary, quality: 11 } }, "a.quality: "],
  [{ a: { summary, downloads: ["720p", "480p"] } }, "a.downloads.1: "],
  [{ a: { summary, downloads: ["720p", "720p"] } }, "a.downloads: must not repeat a file"],
  [{ a: { summary, hls: false } }, "a.downloads: must name a file, because hls is false"],
  [{ a: { summary, maxShortSide: 100 } }, "a.maxShortSide: "],
  [{ a: { summary, codec: "av1" } }, "a: "],
  [{ web: { summary } }, "web: is a profile of Rushes"],
  [{ "My Profile": { summary } }, "My Profile: must be 1 to 32 small letters"],
])("names the path of what is wrong in %j", (value, expected) => {
  const json = typeof value === "string" ? value : JSON.stringify(value);
  const { profiles, mistakes } = definedProfiles(json);
  expect(profiles).toEqual([]);
  expect(mistakes).toEqual([expect.stringContaining(expected)]);
  expect(profileMistakes("web", json)).toEqual([
    expect.stringMatching(/^RUSHES_PROFILES is not valid: .*docs/),
  ]);
});

test("reports a default profile that does not exist", () => {
  const json = JSON.stringify({ preview: { summary } });
  expect(profileMistakes("preview", json)).toEqual([]);
  expect(profileMistakes("previews", json)).toEqual([
    'RUSHES_PROFILE is "previews". Set it to one of: web, original, hls, audio, preview.',
  ]);
});

test.each([
  ["web", true, ["1080p", "720p", "web-720p", "poster", "hls"]],
  ["original", true, ["1080p", "720p", "web-720p", "poster"]],
  ["hls", true, ["poster", "hls"]],
  ["audio", true, ["hls", "audio"]],
  ["web", false, ["hls", "audio"]],
  ["original", false, ["hls", "audio"]],
] as const)("knows what %s makes of a source with a picture: %s", (name, hasPicture, labels) => {
  expect(labelsOf(PROFILES[name], hasPicture)).toEqual(labels);
});
