import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BUCKET, clientOf, clientSending, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";

const put = (client: S3Client, key: string, body: string | Buffer = "bytes", more = {}) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, ...more }));

async function get(client: S3Client, key: string, more = {}): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const KEYS = [
  "my video.mp4",
  "a+b.mp4",
  "100%25 %20.mp4",
  "été/日本語/🎬.mov",
  "x//y",
  "/leading",
  "dots/../..",
  "./.",
  "trailing/",
  "quote'(1)*!~&?#;=:@$,<>\".mp4",
  "a".repeat(1024),
  "\u{1f3ac}".repeat(256),
];

test("reads, lists, announces and deletes an object under any key that S3 allows", async () => {
  const { client, events } = await serve();
  for (const key of KEYS) {
    await put(client, key, `bytes of ${key}`);
    expect((await get(client, key)).toString()).toBe(`bytes of ${key}`);
  }
  const sorted = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const listed = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  expect(listed.Contents?.map(({ Key }) => Key)).toEqual(sorted);
  await until(() => events.length === KEYS.length);
  const names = events.map(({ key }) => decodeURIComponent(key.replaceAll("+", " ")));
  expect(names.toSorted()).toEqual(KEYS.toSorted());
  expect(events.some(({ key }) => key === "my+video.mp4")).toBe(true);
  await client.send(
    new DeleteObjectsCommand({
      Bucket: BUCKET,
      Delete: { Objects: KEYS.slice(1).map((Key) => ({ Key })) },
    }),
  );
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEYS[0] }));
  expect((await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(0);
  await expect(put(client, "a".repeat(1025))).rejects.toMatchObject({ name: "KeyTooLongError" });
});

test("deletes every object that DeleteObjects reports as deleted, whatever its key", async () => {
  const { url, client } = await serve();
  const keys = ["a\"b'c&d<e>f.mp4", "line\r\nbreak.mp4", "été 🎬.mp4", "&#34;.mp4"];
  for (const key of keys) await put(client, key);
  const written = keys.map((key) => {
    const references = [...key].map((char) => `&#x${char.codePointAt(0)?.toString(16)};`);
    return `<Object><Key>${references.join("")}</Key></Object>`;
  });
  const Delete = { Objects: [{ Key: "-" }] };

  const answer = await clientSending(url, `<Delete>${written.join("")}</Delete>`).send(
    new DeleteObjectsCommand({ Bucket: BUCKET, Delete }),
  );

  expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(keys);
  expect((await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(0);
});

test.each(Object.values(ChecksumAlgorithm).filter((is) => /^(CRC|SHA1$|SHA256$)/.test(is)))(
  "stores a body with %s in a header or trailer, and returns the checksum",
  async (algorithm) => {
    const { client } = await serve();
    const body = randomBytes(300_000);
    for (const Body of [body, Readable.from([body.subarray(0, 100_000), body.subarray(100_000)])]) {
      await client.send(
        new PutObjectCommand({
          Bucket: BUCKET,
          Key: "clip.mp4",
          Body,
          ChecksumAlgorithm: algorithm,
          ContentLength: body.length,
        }),
      );
      const read = await client.send(
        new GetObjectCommand({ Bucket: BUCKET, Key: "clip.mp4", ChecksumMode: "ENABLED" }),
      );
      expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
      expect(read).toHaveProperty(`Checksum${algorithm}`, expect.any(String));
      expect(read.ETag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
    }
  },
);

test("returns the CRC64NVME on HEAD of an object that was uploaded without a checksum", async () => {
  const { client, url } = await serve();
  // Presigned requests are sent without a checksum.
  const plain = clientOf(url, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const Body = randomBytes(300_000);
  const object = { Bucket: BUCKET, Key: "clip.mp4" };
  const stored = await put(client, "clip.mp4", Body, { ChecksumAlgorithm: "CRC64NVME" });
  await put(plain, "clip.mp4", Body);
  expect(
    await plain.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" })),
  ).toMatchObject({ ChecksumCRC64NVME: stored.ChecksumCRC64NVME, ChecksumType: "FULL_OBJECT" });
  await put(client, "clip.mp4", Body, { ChecksumAlgorithm: "CRC32" });
  const head = await client.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" }));
  expect(head).toMatchObject({ ChecksumCRC32: expect.any(String) });
  expect(head.ChecksumCRC64NVME).toBeUndefined();
});

test("rejects a body that does not match its digest, and keeps the previous object", async () => {
  const { client, events } = await serve();
  await put(client, "clip.mp4", "before");
  const wrong = [
    [{ ContentMD5: createHash("md5").update("other").digest("base64") }, "BadDigest"],
    [{ ContentMD5: "short" }, "InvalidDigest"],
    [{ ChecksumCRC32: "AAAAAA==" }, "BadDigest"],
    [{ ChecksumCRC64NVME: "AQIDBAUGBwg=" }, "BadDigest"],
    [{ ChecksumSHA256: createHash("sha256").update("other").digest("base64") }, "BadDigest"],
    [{ ChecksumCRC32C: "no digest" }, "InvalidRequest"],
  ] as const;
  for (const [fields, name] of wrong) {
    await expect(put(client, "clip.mp4", "after", fields)).rejects.toMatchObject({ name });
  }
  expect((await get(client, "clip.mp4")).toString()).toBe("before");
  expect(events).toHaveLength(1);
});

test("returns stored metadata and headers, and replaces them with those in the URL", async () => {
  const { client } = await serve();
  await put(client, "a/clip.mp4", "x", {
    ContentType: "video/mp4",
    CacheControl: "max-age=60",
    ContentDisposition: "inline",
    ContentLanguage: "de",
    Metadata: { job: "job_1" },
  });
  const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a/clip.mp4" }));
  expect(head).toMatchObject({
    ContentType: "video/mp4",
    CacheControl: "max-age=60",
    ContentDisposition: "inline",
    ContentLanguage: "de",
    Metadata: { job: "job_1" },
    ContentLength: 1,
  });
  const disposition = "attachment; filename*=UTF-8''%C3%A9t%C3%A9.mp4";
  const renamed = await client.send(
    new GetObjectCommand({
      Bucket: BUCKET,
      Key: "a/clip.mp4",
      ResponseContentType: "application/octet-stream",
      ResponseContentDisposition: disposition,
    }),
  );
  expect(renamed.ContentDisposition).toBe(disposition);
  expect(renamed.ContentType).toBe("application/octet-stream");
  await expect(
    put(client, "b", "x", { Metadata: { long: "x".repeat(2049) } }),
  ).rejects.toMatchObject({ name: "MetadataTooLarge" });
});

test("returns exactly the requested range, and 416 if it is not satisfiable", async () => {
  const { client } = await serve();
  await put(client, "digits", "0123456789");
  const range = async (Range: string) => (await get(client, "digits", { Range })).toString();
  expect(await range("bytes=2-4")).toBe("234");
  expect(await range("bytes=7-")).toBe("789");
  expect(await range("bytes=-3")).toBe("789");
  expect(await range("bytes=0-99")).toBe("0123456789");
  const part = await client.send(
    new GetObjectCommand({ Bucket: BUCKET, Key: "digits", Range: "bytes=2-4" }),
  );
  expect(part.ContentRange).toBe("bytes 2-4/10");
  expect(part.$metadata.httpStatusCode).toBe(206);
  await expect(range("bytes=10-")).rejects.toMatchObject({ name: "InvalidRange" });
  await put(client, "empty", "");
  expect(await get(client, "empty")).toHaveLength(0);
  await expect(get(client, "empty", { Range: "bytes=0-" })).rejects.toMatchObject({
    name: "InvalidRange",
  });
});

test("never replaces an object on a write with If-None-Match: *", async () => {
  const { client } = await serve();
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) => put(client, "one", `try ${at}`, { IfNoneMatch: "*" })),
  );
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const { ETag } = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "one" }));
  await expect(get(client, "one", { IfMatch: '"other"' })).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  await expect(get(client, "one", { IfNoneMatch: ETag })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  await expect(put(client, "one", "x", { IfMatch: '"other"' })).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  await put(client, "one", "replaced", { IfMatch: ETag });
  await expect(put(client, "none", "x", { IfMatch: ETag })).rejects.toMatchObject({
    name: "NoSuchKey",
  });
});

test("fails a conditional write with a conflict if its key is deleted meanwhile", async () => {
  const { client, url: endpoint } = await serve();
  const signing = clientOf(endpoint, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const command = new PutObjectCommand({ Bucket: BUCKET, Key: "one", IfNoneMatch: "*" });
  const url = await getSignedUrl(signing, command, {
    signableHeaders: new Set(["host", "if-none-match"]),
  });
  const headers = { "if-none-match": "*", "content-length": 10, expect: "100-continue" };
  const slow = request(url, { method: "PUT", headers });
  const answered = once(slow, "response");
  slow.flushHeaders();
  // The server has checked the condition and waits for the bytes.
  await once(slow, "continue");
  await put(client, "one", "of another");
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "one" }));
  slow.end("ten bytes.");
  const [answer] = await answered;
  expect(answer.statusCode).toBe(409);
  expect(await text(answer)).toContain("<Code>ConditionalRequestConflict</Code>");
  await put(client, "one", "try again", { IfNoneMatch: "*" });
  expect(await get(client, "one")).toEqual(Buffer.from("try again"));
});

test("copies an object with its metadata, independent of the source, and sends an event", async () => {
  const { client, events } = await serve();
  await put(client, "from +é.mp4", "bytes", { ContentType: "video/mp4", Metadata: { a: "1" } });
  const CopySource = encodeURIComponent(`${BUCKET}/from +é.mp4`);
  await client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: "to", CopySource }));
  await client.send(
    new CopyObjectCommand({
      Bucket: BUCKET,
      Key: "changed",
      CopySource,
      MetadataDirective: "REPLACE",
      ContentType: "text/plain",
      Metadata: { b: "2" },
    }),
  );
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "from +é.mp4" }));
  expect((await get(client, "to")).toString()).toBe("bytes");
  const kept = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "to" }));
  expect(kept).toMatchObject({ ContentType: "video/mp4", Metadata: { a: "1" } });
  const changed = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "changed" }));
  expect(changed).toMatchObject({ ContentType: "text/plain", Metadata: { b: "2" } });
  await until(() => events.some(({ name }) => name === "ObjectCreated:Copy"));
  await expect(
    client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: "x", CopySource })),
  ).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("serves the version that a read began with if the object is replaced and deleted meanwhile", async () => {
  const { client, dataDir } = await serve();
  const body = randomBytes(24 * 1024 * 1024);
  await put(client, "film", body);
  const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "film" }));
  await put(client, "film", "new");
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "film" }));
  const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
  expect(read.equals(body)).toBe(true);
  await until(async () => (await readdir(`${dataDir}/blobs`)).length === 0);
});
