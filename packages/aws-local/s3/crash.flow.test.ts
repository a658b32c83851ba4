import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, clientOf, parseEvent, type S3Event } from "@rushes/testing/s3";
import { forkS3 } from "@rushes/testing/s3-process";
import { until } from "@rushes/testing/until";
import { expect, onTestFinished, test } from "vitest";
import { verifyBuckets } from "./verify.ts";

const ROUNDS = 3;
const WRITERS = 6;
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

async function run(dataDir: string, fate: "kept" | "delivered") {
  const events: S3Event[] = [];
  const buckets = [
    {
      name: BUCKET,
      notifications: [{ id: "created", queue: "created", events: ["s3:ObjectCreated:*"] }],
    },
  ];
  const { url, kill } = await forkS3(
    { dataDir, buckets, keepsEvents: fate === "kept" },
    (delivery) => events.push(parseEvent(delivery)),
  );
  onTestFinished(kill);
  return { kill, events, client: clientOf(url, { maxAttempts: 1 }) };
}

/** Uploads two parts and completes the upload at once. */
async function multipart(client: S3Client, Key: string, body: Buffer): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
  const upload = { Bucket: BUCKET, Key, UploadId };
  const cut = 5 * 1024 * 1024;
  const Parts = [];
  for (const [at, Body] of [body.subarray(0, cut), body.subarray(cut)].entries()) {
    const { ETag } = await client.send(
      new UploadPartCommand({ ...upload, PartNumber: at + 1, Body }),
    );
    Parts.push({ PartNumber: at + 1, ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
}

/** Writes until the server is killed, and records what it acknowledged. */
async function writer(client: S3Client, name: string, kept: Map<string, string>): Promise<void> {
  for (let count = 0; ; count += 1) {
    const Key = `${name} ${count}`;
    const large = count % 5 === 4;
    const body = randomBytes(large ? 5 * 1024 * 1024 + 1000 : 10_000 + count);
    try {
      if (large) await multipart(client, Key, body);
      else await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: body }));
    } catch {
      return;
    }
    kept.set(Key, md5(body));
  }
}

const blobsIn = async (dataDir: string) =>
  (await readdir(join(dataDir, "blobs"))).filter((name) => !name.endsWith(".json"));

/** Checks that every blob belongs to an object or to a part of an open upload. */
async function countOwned(client: S3Client, kept: Map<string, string>): Promise<number> {
  let owned = 0;
  const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
  for (const { Key, UploadId } of Uploads ?? []) {
    const { Parts } = await client.send(new ListPartsCommand({ Bucket: BUCKET, Key, UploadId }));
    owned += Parts?.length ?? 0;
  }
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: token }),
    );
    for (const { ETag } of page.Contents ?? []) owned += ETag?.includes("-") ? 2 : 1;
    token = page.NextContinuationToken;
  } while (token);
  expect(owned).toBeGreaterThanOrEqual(kept.size);
  return owned;
}

test("loses no acknowledged object or event on kill -9 under load, and leaves no orphaned files", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-s3-crash-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const kept = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await run(dataDir, "kept");
    const before = kept.size;
    const writers = Array.from({ length: WRITERS }, (_, at) =>
      writer(server.client, `round ${round} writer ${at}`, kept),
    );
    await until(() => kept.size >= before + 30 + round * 7);
    await server.kill();
    await Promise.all(writers);
  }
  const server = await run(dataDir, "delivered");
  for (const [Key, hash] of kept) {
    const { Body } = await server.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(md5((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(hash);
  }
  await until(() => {
    const announced = new Set(server.events.map(({ key }) => key.replaceAll("+", " ")));
    return [...kept.keys()].every((key) => announced.has(key));
  });
  const owned = await countOwned(server.client, kept);
  await until(async () => (await blobsIn(dataDir)).length === owned);
  await server.kill();
  const { objects, problems, notes } = await verifyBuckets(dataDir);
  expect(objects.size).toBeGreaterThanOrEqual(kept.size);
  expect([...problems, ...notes]).toEqual([]);
});
