import { getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { expect, test } from "vitest";
import * as core from "./media.ts";
import { media } from "./resource.ts";

const { privateKey } = media();
const MINUTE_MS = 60_000;
const NOW = Date.parse("2026-03-01T12:03:21.500Z");

/** The result of AWS's own signer for the same URL. */
const signedByAws = (url: string) => {
  const ends = new Date(Number(new URL(url).searchParams.get("Expires")) * 1000);
  const address = url.replace(/[?&]Expires=.*$/, "");
  return getSignedUrl({
    ...{ url: address, keyPairId: "K123", privateKey, dateLessThan: ends, algorithm: "SHA256" },
  });
};
const endOf = (url: string) => Number(new URL(url).searchParams.get("Expires")) * 1000;

test("signs URLs with the same parameters as AWS's own signer", async () => {
  const key = "job_1/1/été + 100%/a'(b).mp4";
  await core.signPictures([`${key}.jpg`], NOW);
  for (const url of [
    core.mediaUrl({ key, now: NOW }).url,
    core.mediaUrl({ key, attachmentName: 'été "1".mp4', now: NOW }).url,
    core.pictureUrl(`${key}.jpg`, NOW),
    core.briefMediaUrl({ key, ends: new Date(NOW) }),
  ]) {
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual(
      Object.fromEntries(new URL(signedByAws(url)).searchParams),
    );
  }
});

test("signs the folder of a stream with the same parameters as AWS's own signer", () => {
  const { url, expires } = core.folderUrl({ key: "media/job_1/1/é*/hls/index.m3u8", now: NOW });
  const [address = ""] = url.split("?");
  expect(address).toMatch(/\/job_1\/1\/%C3%A9%2A\/hls\/index\.m3u8$/);
  const policy = JSON.stringify({
    Statement: [
      {
        Resource: address.replace("index.m3u8", "*"),
        Condition: { DateLessThan: { "AWS:EpochTime": Date.parse(expires) / 1000 } },
      },
    ],
  });
  const byAws = getSignedUrl({
    ...{ url: address, keyPairId: "K123", privateKey, policy, algorithm: "SHA256" },
  });
  expect(Object.fromEntries(new URL(url).searchParams)).toEqual(
    Object.fromEntries(new URL(byAws).searchParams),
  );
  expect(Date.parse(expires) - NOW).toBeGreaterThanOrEqual(10 * MINUTE_MS - 1000);
  expect(core.folderUrl({ key: "media/job_1/1/é*/hls/index.m3u8", now: NOW }).url).toBe(url);
  const brief = core.folderUrl({ key: "a/hls/index.m3u8", ends: new Date(NOW) });
  expect(brief.expires).toBe(new Date(NOW).toISOString());
});

test("signs URLs for ten to fifteen minutes at any time", () => {
  for (let at = 0; at < 12; at += 1) {
    const now = NOW + at * 47_000;
    for (const url of [
      core.mediaUrl({ key: "a.mp4", now }).url,
      core.pictureUrl(`${at}.jpg`, now),
    ]) {
      expect(endOf(url) - now).toBeGreaterThanOrEqual(10 * MINUTE_MS - 1000);
      expect(endOf(url) - now).toBeLessThanOrEqual(15 * MINUTE_MS);
    }
  }
});

test("signs the posters of a list once, and lets them expire at different times", async () => {
  const keys = Array.from({ length: 100 }, (_, at) => `job_${at}/1/clip/clip-poster.0000000.jpg`);
  await core.signPictures(keys, NOW);
  const first = keys.map((key) => core.pictureUrl(key, NOW));
  // Half a minute later, a tenth of the keys have a new URL for the next five minutes: not all, and not none.
  const later = keys.map((key) => core.pictureUrl(key, NOW + 30_000));
  const changed = later.filter((url, at) => url !== first[at]).length;
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThan(40);
  expect(new Set(first.map(endOf)).size).toBeGreaterThan(20);
});
