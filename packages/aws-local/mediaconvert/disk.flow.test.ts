import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { STORAGE_FULL } from "@rushes/core/full";
import { clip } from "@rushes/testing/clips";
import { type SmallDisk, smallDisk } from "@rushes/testing/disk";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

/** Too little for the outputs, and enough for the encoder's database to open again once they are removed. */
const FREE_BYTES = 450_000;
let small: SmallDisk;
let disk = "";
let encoder: TestEncoder;

// Each encode starts again once there is space, which a busy machine takes long for.
vi.setConfig({ testTimeout: 180_000 });

beforeAll(async () => {
  small = smallDisk(160);
  disk = small.folder;
  encoder = await startEncoder({ dataDir: join(disk, "mediaconvert") });
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
  const url = await encoder.upload("full.mp4", await clip("plain.mp4"));
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
  const url = await encoder.upload("full.mp4", await clip("plain.mp4"));
  const filler = await fillTo(FREE_BYTES);
  const { id } = await encoder.submit(url);
  await encoder.event(id, "NEW_WARNING");
  await encoder.cancel(id);
  await encoder.event(id, "CANCELED");
  await rm(filler);
});

test("rejects a cancel at once on a full disk, and accepts it when there is space", async () => {
  const url = await encoder.upload("full.mp4", await clip("plain.mp4"));
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

test("uploads outputs when the bucket's disk has space", async () => {
  const other = await startEncoder({}, join(disk, "s3"));
  try {
    const url = await other.upload("tiny.mp4", await clip("plain.mp4"));
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
