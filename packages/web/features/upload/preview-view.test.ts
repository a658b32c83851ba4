import { expect, it } from "vitest";
import type { ProfileOutput } from "../profile/profile-field.ts";
import { type Preview, previewLine } from "./preview-view.ts";

const WEB: ProfileOutput = { kind: "hls", files: 3, maxShortSide: 2160 };
const video = (changes: Partial<Extract<Preview, { type: "video" }>> = {}): Preview => ({
  type: "video",
  picture: { width: 1920, height: 1080 },
  durationSeconds: 24,
  ...changes,
});

it.each<[string, Preview, ProfileOutput | undefined]>([
  ["1920×1080, 24 s. Becomes 1080p, 720p, 480p, 360p, 240p", video(), WEB],
  ["1920×1080, 24 s. Becomes 720p, 480p, 360p, 240p", video(), { ...WEB, maxShortSide: 720 }],
  ["1920×1080, 24 s. Becomes 3 MP4 files", video(), { ...WEB, kind: "files" }],
  ["1920×1080, 24 s. Becomes 1 MP4 file", video(), { ...WEB, kind: "files", files: 1 }],
  ["1920×1080, 24 s. Becomes audio only", video(), { ...WEB, kind: "sound" }],
  ["1920×1080, 24 s", video(), undefined],
  ["1920×1080, 3 s. Becomes 1080p", video({ durationSeconds: 3 }), WEB],
  ["1920×1080. Becomes 1080p, 720p, 480p, 360p, 240p", video({ durationSeconds: undefined }), WEB],
  [
    "720×1280, 24 s. Becomes 720p, 480p, 360p, 240p",
    video({ picture: { width: 1280, height: 720, rotation: 90 } }),
    WEB,
  ],
  [
    "720×405, 24 s. Becomes 360p, 240p",
    video({ picture: { width: 720, height: 576, sampleAspect: 64 / 45 } }),
    { ...WEB, maxShortSide: 1080 },
  ],
  ["2 min 5 s. Becomes audio only", { type: "audio", durationSeconds: 125 }, WEB],
  ["Becomes audio only", { type: "audio", durationSeconds: undefined }, WEB],
])("says %s", (text, preview, output) => {
  expect(previewLine(preview, output)).toEqual({ text, tone: "quiet" });
});

it.each(["truncated", "picture", "not_media"] as const)("says what is wrong: %s", (type) => {
  const { text, tone } = previewLine({ type }, WEB);
  expect([text.split(" ").length > 4, tone]).toEqual([true, "danger"]);
});
