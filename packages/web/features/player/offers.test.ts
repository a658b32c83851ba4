import { expect, test } from "vitest";
import { hasMedia, offersOf, type Playable } from "./offers.ts";

const EXPIRES = "2026-01-01T00:10:00.000Z";
const EVERYTHING: Playable = {
  expires: EXPIRES,
  complete: false,
  renditions: [
    { label: "web-720p", kind: "mp4", url: "https://s3/web" },
    { label: "1080p", kind: "mp4", url: "https://s3/1080p" },
  ],
  hls: { url: "https://s3/hls/index.m3u8", expires: "2026-01-01T00:05:00.000Z" },
  source: { url: "https://s3/source", type: 'video/mp4; codecs="avc1.64001f"' },
};
const ids = (can: { hls: boolean; original: boolean }) =>
  offersOf(EVERYTHING, { hls: can.hls, type: () => can.original }).map(({ id }) => id);

test("prefers HLS, then the best MP4, and the original last", () => {
  expect(ids({ hls: true, original: true })).toEqual(["hls", "1080p", "web-720p", "original"]);
});

test("offers nothing that the browser cannot play", () => {
  expect(ids({ hls: false, original: false })).toEqual(["1080p", "web-720p"]);
  const type = (given: string) => given !== EVERYTHING.source?.type;
  expect(offersOf(EVERYTHING, { hls: false, type }).map(({ id }) => id)).not.toContain("original");
});

test("keeps the expiry of each URL", () => {
  const [hls, mp4] = offersOf(EVERYTHING, { hls: true, type: () => true });
  expect(mp4?.expiresAtMs).toBe(Date.parse(EXPIRES));
  expect(hls?.expiresAtMs).toBe(Date.parse(EXPIRES) - 300_000);
});

test("has media as soon as one of the three can play", () => {
  const { renditions, hls, source } = EVERYTHING;
  expect(hasMedia({ renditions: [] })).toBe(false);
  expect(hasMedia({ renditions })).toBe(true);
  expect(hasMedia({ renditions: [], hls })).toBe(true);
  expect(hasMedia({ renditions: [], source })).toBe(true);
});
