import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateJobCommand } from "@aws-sdk/client-mediaconvert";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { STORAGE_FULL } from "@rushes/core/full";
import { type SmallDisk, smallDisk } from "@rushes/testing/disk";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { ffmpeg } from "@rushes/testing/patches";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cmafRequest } from "./cmaf.fixture.ts";

/** Too little for the outputs, and enough for the encoder's database to open again once they are removed. */
const FREE_BYTES = 450_000;
let small: SmallDisk;
let disk = "";
let encoder: TestEncoder;
/** Four seconds of noise: a stream of it needs 2.7 MB, and its MP4 files 2.5 MB more. So few pixels encode quickly. */
let noise = "";

// Each encode starts again once there is space, which a busy machine takes long for.
vi.setConfig({ testTimeout: 180_000 });

beforeAll(async () => {
  small = smallDisk(160);
  disk = small.folder;
  encoder = await startEncoder({ dataDir: join(disk, "mediaconvert") });
  noise = join(encoder.folder, "noise.mp4");
  await ffmpeg([
    ...["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=4,noise=alls=40:allf=t"],
    ...["-f", "lavfi", "-i", "sine=d=4", "-c:v", "libx264", "-preset", "ultrafast", noise],
  ]);
});
afterAll(async () => {
  await encoder?.close();
  small.close();
});

async function fillTo(freeBytes: number): Promise<string> {
  const { bavail, bsize } = await statfs(disk);
  const path = join(disk, "filler");
  await writeFile(path, Buffer.alloc(bavail * bsize - freeBytes, 1));
  return path;
}

test("waits with a warning on a full disk and continues when there is space", async () => {
  const url = await encoder.upload("full.mp4", noise);
  const filler = await fillTo(FREE_BYTES);
  const { id, prefix } = await encoder.submit(url);
  const warning = await encoder.event(id, "NEW_WARNING", "ERROR", "COMPLETE");
  expect(warning.detail).toMatchObject({ status: "NEW_WARNING", warningCode: "900002" });
  expect((await encoder.job(id)).Status).toBe("PROGRESSING");

  await rm(filler);
  await encoder.completed(id);
  await encoder.probe(`${prefix}-1080p.mp4`);
});

test("cancels a job that waits for space", async () => {
  const url = await encoder.upload("full.mp4", noise);
  const filler = await fillTo(FREE_BYTES);
  const { id } = await encoder.submit(url);
  await encoder.event(id, "NEW_WARNING");
  await encoder.cancel(id);
  await encoder.event(id, "CANCELED");
  await rm(filler);
});

test("rejects a cancel at once on a full disk, and accepts it when there is space", async () => {
  const url = await encoder.upload("full.mp4", noise);
  const filler = await fillTo(FREE_BYTES);
  const { id } = await encoder.submit(url);
  await encoder.event(id, "NEW_WARNING");
  const rest = join(disk, "rest");
  const { bavail, bsize } = await statfs(disk);
  await writeFile(rest, Buffer.alloc(bavail * bsize, 1));
  await expect(encoder.cancel(id)).rejects.toMatchObject({ name: STORAGE_FULL.wireCode });
  expect((await encoder.job(id)).Status).toBe("PROGRESSING");
  await Promise.all([filler, rest].map((path) => rm(path)));
  await encoder.cancel(id);
  await encoder.event(id, "CANCELED");
});

/** Starts a job that makes a stream and MP4 files. */
async function submitStream(folder: string, freeBytes: number) {
  const fileInput = await encoder.upload("noise.mp4", noise);
  const filler = await fillTo(freeBytes);
  const request = cmafRequest({ fileInput, folder, maxBitRate: 4_000_000 });
  const { Job: job } = await encoder.mediaconvert.send(new CreateJobCommand(request));
  return { id: job?.Id ?? "", filler };
}

async function get(key: string): Promise<Buffer> {
  const { Body } = await encoder.s3.send(new GetObjectCommand({ Bucket: "renditions", Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

test.each([
  { during: "the encode", freeBytes: 900_000 },
  { during: "the copy to MP4 files", freeBytes: 4_000_000 },
])("continues a stream if the disk fills during $during", async ({ freeBytes }) => {
  const folder = `media/${freeBytes}`;
  const { id, filler } = await submitStream(folder, freeBytes);
  const warning = await encoder.event(id, "NEW_WARNING", "ERROR", "COMPLETE");
  expect(warning.detail).toMatchObject({ status: "NEW_WARNING", warningCode: "900002" });
  await rm(filler);
  await encoder.completed(id);

  const playlist = String(await get(`${folder}/hls/index-180p.m3u8`));
  expect(playlist.match(/#EXTINF:[\d.]+|#EXT-X-ENDLIST/g)).toEqual([
    ...["#EXTINF:2.000000", "#EXTINF:2.000000", "#EXT-X-ENDLIST"],
  ]);
  const names = ["index-180pinit.cmfv", ...(playlist.match(/^[^#\s]+$/gm) ?? [])];
  const files = await Promise.all(names.map((name) => get(`${folder}/hls/${name}`)));
  const stream = join(encoder.folder, "stream.mp4");
  await writeFile(stream, Buffer.concat(files));
  const pictures = await ffmpeg([
    "-i",
    stream,
    "-vf",
    "scale=1:1,format=gray",
    "-f",
    "rawvideo",
    "pipe:1",
  ]);
  expect(pictures).toHaveLength(4 * 30);
  const { video } = await encoder.probe(`${folder}/clip-1080p.mp4`);
  expect(Number(video.duration)).toBe(4);
});

test("uploads outputs when the bucket's disk has space", async () => {
  const other = await startEncoder({}, join(disk, "s3"));
  try {
    const url = await other.upload("tiny.mp4", noise);
    // S3 leaves the last 128 MiB of a disk to the databases.
    const filler = await fillTo(128 * 1024 ** 2 + 600_000);
    const { id, prefix } = await other.submit(url);
    const warning = await other.event(id, "NEW_WARNING", "ERROR", "COMPLETE");
    expect(warning.detail).toMatchObject({ status: "NEW_WARNING", warningCode: "900002" });
    await rm(filler);
    await other.completed(id);
    await other.probe(`${prefix}-1080p.mp4`);
  } finally {
    await other.close();
  }
});
