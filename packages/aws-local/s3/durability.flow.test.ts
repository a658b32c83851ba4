import { createHash, randomBytes } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";

const PART = 5 * 1024 * 1024;
const DAY_MS = 86_400_000;
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** Starts a server and collects the damage that it reports; `restart` stops it first. */
async function begin() {
  const damage: string[] = [];
  const server = await serve({ onDamage: (sentence) => void damage.push(sentence) });
  const blobs = join(server.dataDir, "blobs");
  const rows = join(server.dataDir, "rows");
  return { ...server, damage, blobs, rows };
}

const put = (client: S3Client, Key: string, Body: Buffer) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, Metadata: { note: `of ${Key}` } }));

async function bytesOf(client: S3Client, Key: string): Promise<string> {
  const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return `${md5((await Body?.transformToByteArray()) ?? Buffer.alloc(0))} ${Metadata?.note}`;
}

/** Creates fifteen objects, a replaced one, a multipart one, a copy of it, and an open upload. */
async function fill(client: S3Client) {
  const kept = new Map<string, string>();
  for (let at = 0; at < 15; at += 1) {
    const body = randomBytes(1000 + at);
    await put(client, `video ${at}`, body);
    kept.set(`video ${at}`, `${md5(body)} of video ${at}`);
  }
  const replaced = randomBytes(2000);
  await put(client, "video 3", replaced);
  kept.set("video 3", `${md5(replaced)} of video 3`);
  const [one, two] = [randomBytes(PART), randomBytes(100)];
  const Metadata = { note: "parts" };
  const large = { Bucket: BUCKET, Key: "large" };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...large, Metadata }));
  const Parts = [];
  for (const [at, Body] of [one, two].entries()) {
    const part = { ...large, UploadId, PartNumber: at + 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, Body }));
    Parts.push({ PartNumber: at + 1, ETag });
  }
  await client.send(
    new CompleteMultipartUploadCommand({ ...large, UploadId, MultipartUpload: { Parts } }),
  );
  await client.send(
    new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/large` }),
  );
  for (const key of ["large", "copy"]) kept.set(key, `${md5(Buffer.concat([one, two]))} parts`);
  await put(client, "deleted", randomBytes(500));
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "deleted" }));
  const open = { Bucket: BUCKET, Key: "open" };
  const begun = await client.send(new CreateMultipartUploadCommand(open));
  const upload = { ...open, UploadId: begun.UploadId };
  await client.send(new UploadPartCommand({ ...upload, PartNumber: 7, Body: randomBytes(10) }));
  return { kept, upload };
}

async function expectAll(client: S3Client, { kept, upload }: Awaited<ReturnType<typeof fill>>) {
  for (const [key, bytes] of kept) expect(await bytesOf(client, key), key).toBe(bytes);
  await expect(bytesOf(client, "deleted")).rejects.toMatchObject({ name: "NoSuchKey" });
  const { Parts } = await client.send(new ListPartsCommand(upload));
  expect(Parts?.map(({ PartNumber }) => PartNumber)).toEqual([7]);
}

const only = async (folder: string, pattern: RegExp) => {
  const [name = ""] = (await readdir(folder)).filter((one) => pattern.test(one));
  return join(folder, name);
};

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

const harms: [string, (rows: string) => Promise<void>][] = [
  ["a flipped byte at the start of the log", async (rows) => flip(await only(rows, /\.log$/), 40)],
  [
    "a flipped byte in the middle of the log",
    async (rows) => flip(await only(rows, /\.log$/), 4000),
  ],
  ["a log without its second half", async (rows) => truncate(await only(rows, /\.log$/), 5000)],
  ["an empty log", async (rows) => truncate(await only(rows, /\.log$/))],
  ["a missing CURRENT", (rows) => rm(join(rows, "CURRENT"))],
  ["a truncated manifest", async (rows) => truncate(await only(rows, /^MANIFEST/), 10)],
  ["a missing database", (rows) => rm(rows, { recursive: true })],
];

test.each(harms)("loses no object, part or file to %s", async (_, harm) => {
  const { client, damage, blobs, rows, restart } = await begin();
  const filled = await fill(client);
  const before = (await readdir(blobs)).sort();

  const { client: again } = await restart({}, () => harm(rows));

  await expectAll(again, filled);
  expect((await readdir(blobs)).sort()).toEqual(before);
  expect(damage.length).toBeGreaterThan(0);
  damage.splice(0);
  // The next start has nothing to repair.
  await expectAll((await restart()).client, filled);
  expect(damage).toEqual([]);
});

test("sends the event of a restored object again, and does not restore a deleted object", async () => {
  const { client, events, blobs, rows, restart } = await begin();
  await put(client, "lost", randomBytes(100));
  await until(() => events.length === 1);
  const names = await readdir(blobs);
  const kept = join(blobs, "..", "kept");
  await mkdir(kept);
  await put(client, "deleted", randomBytes(100));
  for (const name of await readdir(blobs)) {
    if (!names.includes(name)) await copyFile(join(blobs, name), join(kept, name));
  }
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "deleted" }));
  await until(async () => (await readdir(blobs)).length === names.length);
  events.splice(0);

  // A power cut may bring back files whose deletion was not on the disk yet.
  const { client: second } = await restart({}, async () => {
    for (const name of await readdir(kept)) await copyFile(join(kept, name), join(blobs, name));
  });
  await expect(bytesOf(second, "deleted")).rejects.toMatchObject({ name: "NoSuchKey" });
  expect((await readdir(blobs)).sort()).toEqual(names.sort());

  await restart({}, () => rm(rows, { recursive: true }));
  await until(() => events.some(({ key }) => key === "lost"));
  expect(events.map(({ key }) => key)).toEqual(["lost"]);
});

test("does not start with empty buckets when the database is missing and files exist", async () => {
  const { client, blobs, rows, restart } = await begin();
  await put(client, "video", randomBytes(100));
  for (let start = 0; start < 2; start += 1) {
    const rejected = restart({}, async () => {
      await rm(rows, { recursive: true, force: true });
      for (const name of await readdir(blobs)) {
        if (name.endsWith(".json")) await rm(join(blobs, name));
      }
    });
    await expect(rejected).rejects.toThrow(
      /database of the buckets is missing.*Restore the folder/,
    );
    expect(await readdir(blobs)).toHaveLength(1);
  }
});

test("moves orphaned files to quarantine, and leaves them if the start found damage", async () => {
  const { blobs, rows, client, dataDir, restart, damage } = await begin();
  await put(client, "video", randomBytes(100));
  await put(client, "video 2", randomBytes(100));
  const stray = join(blobs, "0".repeat(32));
  const quarantined = async () =>
    (await readdir(join(dataDir, "quarantine"), { recursive: true }).catch(() => [])).filter(
      (name) => name.endsWith("0".repeat(32)),
    );

  await restart({}, async () => {
    await writeFile(stray, "an upload that a crash cut off");
    await flip(await only(rows, /\.log$/), 40);
  });
  expect(await readFile(stray, "utf8")).toContain("cut off");
  expect(damage.join(" ")).toContain("1 files in s3/blobs belong to no object");

  await restart();
  expect(await quarantined()).toHaveLength(1);
  expect(await readdir(blobs)).toHaveLength(4);
  await restart({ lifecycleNow: () => Date.now() + 6 * DAY_MS });
  expect(await quarantined()).toHaveLength(1);
  await restart({ lifecycleNow: () => Date.now() + 10 * DAY_MS });
  await until(async () => (await quarantined()).length === 0);
});

test("opens buckets of an older version and writes the missing sidecars", async () => {
  const { client, blobs, rows, restart, damage } = await begin();
  const filled = await fill(client);
  const before = (await readdir(blobs)).length;

  const { client: second } = await restart({}, async () => {
    for (const name of await readdir(blobs)) {
      if (name.endsWith(".json")) await rm(join(blobs, name));
    }
  });
  await expectAll(second, filled);
  expect(damage).toEqual([]);
  // All but that of an object's second part, which existed before.
  await until(async () => (await readdir(blobs)).length >= before - 1);
  const { client: third } = await restart({}, () => rm(rows, { recursive: true }));
  await expectAll(third, filled);
});

test.each([
  ["missing", (path: string) => rm(path)],
  ["truncated", (path: string) => truncate(path, 50)],
] as const)("fails at once and reports an object whose bytes are %s", async (what, harm) => {
  const { client, blobs, damage } = await begin();
  await put(client, "video", randomBytes(100));
  await harm(await only(blobs, /^[0-9a-f]+$/));
  const video = { Bucket: BUCKET, Key: "video" };

  await expect(client.send(new GetObjectCommand(video))).rejects.toMatchObject({
    name: "InternalError",
    message: expect.stringContaining("npm run verify"),
  });
  await expect(client.send(new HeadObjectCommand(video))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  });
  await expect(
    client.send(new CopyObjectCommand({ ...video, Key: "copy", CopySource: `${BUCKET}/video` })),
  ).rejects.toMatchObject({ name: "InternalError" });
  expect(damage).toEqual([expect.stringContaining(`The object video in ${BUCKET} is damaged`)]);
  expect(damage[0]).toContain(what);
});

test("finds changed bytes in the background and continues after a restart", async () => {
  const { client, blobs, damage, restart } = await begin();
  await put(client, "intact", randomBytes(1000));
  await put(client, "altered", randomBytes(1000));
  const [{ ETag = "" } = {}] = await Promise.all([
    client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "altered" })),
  ]);
  const scrub = { delayMs: 0, bytesPerSecond: 1e9, everyMs: DAY_MS };

  await restart({ scrub }, async () => {
    for (const name of await readdir(blobs)) {
      const path = join(blobs, name);
      if (name.includes(".") || `"${md5(await readFile(path))}"` !== ETag) continue;
      await flip(path, 500);
    }
  });

  await until(() => damage.length > 0);
  expect(damage).toEqual([expect.stringMatching(/The object altered in .* has changed bytes/)]);
  // A start does not repeat a completed pass.
  damage.splice(0);
  await restart({ scrub });
  await restart({ scrub: { ...scrub, everyMs: 0 } });
  await until(() => damage.length > 0);
  expect(damage).toHaveLength(1);
});
