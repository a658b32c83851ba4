import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { ffmpeg } from "@rushes/testing/patches";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keys, media, multivariant, submit } from "./hls.fixture.ts";
import {
  compositionOffset,
  decodeTime,
  FLASHES,
  keyframes,
  LENGTH,
  SIGNALS,
  signals,
} from "./signals.fixture.ts";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

const LABELS = ["180p", "90p", "54p", "audio"];

describe("a job with three rungs and audio", () => {
  const folder = "media/job_hls/1/clip";
  const hls = `${folder}/hls/index`;
  let id = "";
  beforeAll(async () => {
    id = await submit(encoder, { fileInput: await encoder.make("flashes.mp4", FLASHES), folder });
    await encoder.completed(id);
  }, 240_000);

  /** A track as one file: its initialization segment and its segments. */
  async function track(label: string): Promise<string> {
    const { segments } = await media(encoder, `${hls}-${label}.m3u8`);
    const names = [segments[0]?.map?.uri ?? "", ...segments.map(({ uri }) => uri)];
    const parts = await Promise.all(names.map((name) => encoder.get(`${folder}/hls/${name}`)));
    const path = join(encoder.folder, `${label}.mp4`);
    await writeFile(path, Buffer.concat(parts));
    return path;
  }

  test("measures the bit rates of its variants", async () => {
    const { variants } = await multivariant(encoder, `${hls}.m3u8`);
    expect(
      variants.map(({ uri, resolution, frameRate }) => ({ uri, ...resolution, frameRate })),
    ).toEqual([
      { uri: "index-180p.m3u8", width: 320, height: 180, frameRate: 30 },
      { uri: "index-90p.m3u8", width: 160, height: 90, frameRate: 30 },
      { uri: "index-54p.m3u8", width: 96, height: 54, frameRate: 15 },
    ]);
    for (const variant of variants) {
      const rates = await Promise.all(
        [variant.uri, variant.audio[0]?.uri ?? ""].map(async (uri) => {
          const { segments } = await media(encoder, `${folder}/hls/${uri}`);
          const bytes = await Promise.all(
            segments.map(
              async (segment) => (await encoder.get(`${folder}/hls/${segment.uri}`)).length,
            ),
          );
          const [, ...rest] = segments.map(({ duration }, at) => ((bytes[at] ?? 0) * 8) / duration);
          const seconds = segments.reduce((sum, { duration }) => sum + duration, 0);
          const total = bytes.reduce((sum, one) => sum + one, 0);
          return { peak: Math.max(...rest.slice(0, -1)), average: (total * 8) / seconds };
        }),
      );
      const sum = (of: "peak" | "average") => rates.reduce((all, rate) => all + rate[of], 0);
      expect(variant.bandwidth).toBeGreaterThanOrEqual(sum("peak"));
      expect(variant.averageBandwidth).toBeCloseTo(sum("average"), -1);
      expect(variant.bandwidth).toBeGreaterThan(variant.averageBandwidth ?? 0);
      expect(variant.codecs).toMatch(/^avc1\.6400[0-9a-f]{2},mp4a\.40\.2$/);
      expect(variant.audio).toMatchObject([
        { groupId: "audio", language: "en", name: "English", isDefault: true, autoselect: true },
      ]);
    }
  });

  test("has complete playlists with aligned segments that begin with a keyframe", async () => {
    const lists = await Promise.all(LABELS.map((label) => media(encoder, `${hls}-${label}.m3u8`)));
    for (const list of lists) {
      expect(list).toMatchObject({ endlist: true, playlistType: "EVENT", targetDuration: 2 });
      expect(list.segments).toHaveLength(4);
    }
    const lengths = lists.map(({ segments }) =>
      segments.slice(0, 3).map(({ duration }) => duration),
    );
    expect(lengths).toEqual([...Array(3).fill([2, 2, 2]), Array(3).fill(expect.closeTo(2, 1))]);
    for (const label of LABELS.slice(0, 3)) {
      expect(await keyframes(await track(label))).toEqual([0, 2, 4, 6]);
    }
  });

  test("has files with their types, and caches only what does not change", async () => {
    const all = await keys(encoder, hls);
    const heads = await Promise.all(
      all.map((Key) => encoder.s3.send(new HeadObjectCommand({ Bucket: "renditions", Key }))),
    );
    const found = heads.map(({ ContentType, CacheControl }, at) => [
      all[at]?.split(".").at(-1),
      ContentType,
      CacheControl,
    ]);
    const media = "max-age=31536000, immutable";
    expect(new Set(found.map(String))).toEqual(
      new Set([
        "m3u8,application/vnd.apple.mpegurl,no-cache",
        `cmfv,video/mp4,${media}`,
        `cmfa,audio/mp4,${media}`,
        `jpg,image/jpeg,${media}`,
      ]),
    );
    // Six playlists, five files for each of four tracks, and a tile.
    expect(all).toHaveLength(27);
  });

  test("keeps flashes and beeps within 25 ms of each other and of the source", async () => {
    const mp4 = join(encoder.folder, "mp4.mp4");
    await writeFile(mp4, await encoder.get(`${folder}/clip-1080p.mp4`));
    const audio = await track("audio");
    const hls = await Promise.all(
      LABELS.slice(0, 3).map(async (label) => signals(await track(label), audio)),
    );
    for (const { flashes, beeps } of [...hls, await signals(mp4, mp4)]) {
      expect(flashes).toHaveLength(SIGNALS.length);
      SIGNALS.forEach((time, at) => {
        // A rung with half of the frame rate shows a flash up to half of its frame later or earlier.
        expect(Math.abs((flashes[at] ?? 0) - time)).toBeLessThan(0.067);
        expect(Math.abs((beeps[at] ?? 0) - time)).toBeLessThan(0.01);
      });
    }
    const [full] = hls;
    expect(full?.flashes.map((time) => Math.round(time * 30))).toEqual(
      SIGNALS.map((time) => time * 30),
    );
  });

  test("begins each track at time 0 for players that ignore edit lists", async () => {
    for (const label of LABELS) {
      const file = await readFile(await track(label));
      expect(file.indexOf("elst")).toBe(-1);
      expect(decodeTime(file)).toBe(0n);
      if (label === "audio") continue;
      expect(compositionOffset(file)).toBe(0);
    }
  });

  test("copies the rungs to MP4s without encoding them again", async () => {
    const packets = async (path: string) =>
      (await ffmpeg(["-i", path, "-map", "0:v", "-c", "copy", "-f", "framemd5", "pipe:1"]))
        .toString()
        .split("\n")
        .flatMap((line) => /[0-9a-f]{32}/.exec(line)?.[0] ?? []);
    for (const [label, rung] of [
      ["1080p", "180p"],
      ["720p", "90p"],
      ["web-720p", "90p"],
    ] as const) {
      const { path, video, audio } = await encoder.probe(`${folder}/clip-${label}.mp4`);
      expect(await packets(path)).toEqual(await packets(await track(rung)));
      expect(video).toMatchObject({ profile: "High", sample_aspect_ratio: "1:1" });
      expect(Number(video.duration)).toBeCloseTo(LENGTH, 1);
      expect(audio).toMatchObject({ codec_name: "aac", sample_rate: "48000", channels: 2 });
      const file = await readFile(path);
      expect(file.indexOf("moov")).toBeLessThan(file.indexOf("mdat"));
    }
  });

  test("stores equal MP4s once", async () => {
    const { length } = await encoder.get(`${folder}/clip-720p.mp4`);
    expect(await encoder.get(`${folder}/clip-web-720p.mp4`)).toHaveLength(length);
    const blobs = join(encoder.folder, "s3", "blobs");
    const stats = await Promise.all((await readdir(blobs)).map((name) => stat(join(blobs, name))));
    const same = stats.filter(({ size }) => size === length);
    expect(same.map(({ nlink }) => nlink)).toEqual([2, 2]);
  });

  test("reports its playlist in COMPLETE as AWS does", async () => {
    const { detail } = await encoder.event(id, "COMPLETE");
    const rung = (widthInPx: number, heightInPx: number) => ({
      durationInMs: LENGTH * 1000,
      videoDetails: { widthInPx, heightInPx },
    });
    expect(detail.outputGroupDetails).toMatchObject([
      {
        type: "CMAF_GROUP",
        playlistFilePaths: [`s3://renditions/${hls}.m3u8`],
        outputDetails: [
          rung(320, 180),
          rung(160, 90),
          rung(96, 54),
          { durationInMs: LENGTH * 1000 },
        ],
      },
      { type: "FILE_GROUP", outputDetails: Array(3).fill({ durationInMs: LENGTH * 1000 }) },
      { type: "FILE_GROUP" },
    ]);
    const [group] = (await encoder.job(id)).OutputGroupDetails ?? [];
    expect(group?.OutputDetails?.[0]?.VideoDetails).toEqual({ WidthInPx: 320, HeightInPx: 180 });
  });
});
