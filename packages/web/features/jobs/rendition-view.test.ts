import type { Info } from "@rushes/core/rendition/schema";
import { describe, expect, it } from "vitest";
import { byPicture, fileSuffix, hasPicture, renditionName } from "./rendition-view.ts";

const mp4 = (label: Info["label"], fields: Partial<Info> = {}): Info => ({
  label,
  kind: "mp4",
  attempt: 1,
  key: `media/clip-${label}.mp4`,
  sizeBytes: 1000,
  checksum: `crc32:${label}`,
  videoCodec: "h264",
  videoProfile: "High",
  width: 1280,
  height: 720,
  frameRate: 30,
  bitRate: 1_000_000,
  time: { landed: "2026-01-01T12:00:00.000Z" },
  ...fields,
});

const groups = (...renditions: Info[]) =>
  byPicture(renditions).map((group) => group.map(({ label }) => label).join());

it("offers no frame of a video that has only sound as a poster", () => {
  const stream = mp4("hls", { kind: "hls" });
  const rung = { width: 640, height: 360, bitRate: 1_000_000 };
  expect(hasPicture({ ...stream, rungs: [] })).toBe(false);
  expect(hasPicture(mp4("audio", { kind: "audio" }))).toBe(false);
  expect(hasPicture({ ...stream, rungs: [rung] })).toBe(true);
  expect(hasPicture(mp4("720p"))).toBe(true);
});

describe("the name of a rendition", () => {
  it("is its true size, whatever its key ends with", () => {
    expect(renditionName(mp4("1080p", { width: 64, height: 64 }))).toBe("64p");
    expect(renditionName(mp4("web-720p"))).toBe("720p");
  });

  it("is the short side of an upright picture", () => {
    expect(renditionName(mp4("1080p", { width: 1080, height: 1920 }))).toBe("1080p");
  });

  it("says what it is if it is no MP4", () => {
    expect(renditionName(mp4("hls", { kind: "hls" }))).toBe("Adaptive");
    expect(renditionName(mp4("poster", { kind: "poster" }))).toBe("Poster");
  });
});

describe("the list of renditions", () => {
  it("begins with the stream and the largest file, and ends with the poster", () => {
    const large = { width: 1920, height: 1080 };
    expect(
      groups(
        mp4("poster", { kind: "poster" }),
        mp4("720p"),
        mp4("1080p", large),
        mp4("hls", { kind: "hls" }),
      ),
    ).toEqual(["hls", "1080p", "720p", "poster"]);
  });

  it("has files with equal bytes once", () => {
    const checksum = "crc32:same";
    expect(groups(mp4("720p", { checksum }), mp4("web-720p", { checksum }))).toEqual([
      "720p,web-720p",
    ]);
  });

  it("has separate encodes of one rung once", () => {
    expect(groups(mp4("720p"), mp4("web-720p", { bitRate: 1_004_000 }))).toEqual(["720p,web-720p"]);
  });

  it.each([
    ["size", { width: 640, height: 360 }],
    ["bit rate", { bitRate: 1_100_000 }],
    ["H.264 profile", { videoProfile: "Main" }],
    ["frame rate", { frameRate: 29.97 }],
  ])("keeps files of another %s apart", (_name, fields) => {
    expect(groups(mp4("720p"), mp4("web-720p", fields))).toEqual(["720p", "web-720p"]);
  });
});

it("names the end of a file's name, and none for a stream or a poster", () => {
  expect(fileSuffix(mp4("web-720p"))).toBe("-web-720p.mp4");
  expect(fileSuffix(mp4("audio", { kind: "audio" }))).toBe("-audio.m4a");
  expect(fileSuffix(mp4("hls", { kind: "hls" }))).toBeUndefined();
  expect(fileSuffix(mp4("poster", { kind: "poster" }))).toBeUndefined();
});
