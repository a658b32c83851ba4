import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BUCKET, clientOf, clientSending, ORIGIN, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";
import { createHasher } from "./checksum.ts";

const MIB = 1024 * 1024;
const video = { Bucket: BUCKET, Key: "my video+é.mp4" };

async function begin(client: S3Client, more = {}) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...video, ...more }));
  return { ...video, UploadId };
}
type Upload = Awaited<ReturnType<typeof begin>>;

async function part(client: S3Client, upload: Upload, PartNumber: number, Body: Buffer) {
  const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
  return { PartNumber, ETag };
}
type Part = Awaited<ReturnType<typeof part>>;

const complete = (client: S3Client, upload: Upload, Parts: Part[], more = {}) =>
  client.send(
    new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }),
  );

async function crc64(body: Buffer): Promise<string> {
  const hasher = await createHasher("CRC64NVME");
  hasher.update(body);
  return hasher.digest();
}

test("completes an upload whose part list has character references, as rclone writes it", async () => {
  const { url, client } = await serve();
  const upload = await begin(client);
  const body = randomBytes(5 * MIB);
  const parts = [await part(client, upload, 1, body), await part(client, upload, 2, body)];
  // Go's encoding/xml, which rclone and others use, writes &#34; where the SDK writes a quote.
  const listed = parts.map(
    ({ ETag, PartNumber }) =>
      `<Part><ETag>${ETag?.replaceAll('"', "&#34;")}</ETag><PartNumber>${PartNumber}</PartNumber></Part>`,
  );
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join("")}</CompleteMultipartUpload>`;

  await complete(clientSending(url, xml), upload, parts);

  const { ContentLength } = await client.send(new HeadObjectCommand(video));
  expect(ContentLength).toBe(2 * body.length);
});

test("assembles parts that arrive in any order through presigned URLs, and checks the whole", async () => {
  const { url, client, events } = await serve();
  const signing = clientOf(url, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const body = randomBytes(12 * MIB + 7);
  const upload = await begin(client, {
    ChecksumAlgorithm: "CRC64NVME",
    ChecksumType: "FULL_OBJECT",
    ContentType: "video/mp4",
    Metadata: { upload: "upl_1" },
  });
  const parts = await Promise.all(
    [3, 1, 2].map(async (PartNumber) => {
      const bytes = body.subarray((PartNumber - 1) * 5 * MIB, PartNumber * 5 * MIB);
      const address = await getSignedUrl(
        signing,
        new UploadPartCommand({ ...upload, PartNumber, ContentLength: bytes.length }),
        { signableHeaders: new Set(["content-length", "host"]) },
      );
      const answer = await fetch(address, {
        method: "PUT",
        body: Buffer.from(bytes),
        headers: { origin: ORIGIN },
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("access-control-expose-headers")).toContain("ETag");
      return { PartNumber, ETag: answer.headers.get("etag") ?? "" };
    }),
  );
  parts.sort((a, b) => a.PartNumber - b.PartNumber);
  const sum = await crc64(body);
  const wrong = complete(client, upload, parts, { ChecksumCRC64NVME: "AAAAAAAAAAA=" });
  await expect(wrong).rejects.toMatchObject({ name: "BadDigest" });
  const short = complete(client, upload, parts, { MpuObjectSize: body.length - 1 });
  await expect(short).rejects.toMatchObject({ name: "InvalidRequest" });
  const stated = {
    ChecksumCRC64NVME: sum,
    ChecksumType: "FULL_OBJECT",
    MpuObjectSize: body.length,
  };
  const done = await complete(client, upload, parts, stated);
  const digests = parts.map(({ ETag }) => Buffer.from(ETag.replaceAll('"', ""), "hex"));
  const etag = `"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-3"`;
  expect(done).toMatchObject({ ETag: etag, ChecksumCRC64NVME: sum, ChecksumType: "FULL_OBJECT" });
  const again = await complete(client, upload, parts, stated);
  expect(again.ETag).toBe(etag);
  const read = await client.send(new GetObjectCommand({ ...video, ChecksumMode: "ENABLED" }));
  expect(read).toMatchObject({ ContentType: "video/mp4", Metadata: { upload: "upl_1" } });
  expect(body.equals((await read.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  const from = 5 * MIB - 3;
  const across = await client.send(
    new GetObjectCommand({ ...video, Range: `bytes=${from}-${10 * MIB + 3}` }),
  );
  const bytes = (await across.Body?.transformToByteArray()) ?? Buffer.alloc(0);
  expect(body.subarray(from, 10 * MIB + 4).equals(bytes)).toBe(true);
  const second = await client.send(new HeadObjectCommand({ ...video, PartNumber: 2 }));
  expect(second).toMatchObject({ PartsCount: 3, ContentLength: 5 * MIB });
  await until(() => events.length > 0);
  expect(events).toMatchObject([
    { name: "ObjectCreated:CompleteMultipartUpload", key: "my+video%2B%C3%A9.mp4" },
  ]);
  expect(events[0]).toMatchObject({ sizeBytes: body.length, etag: etag.replaceAll('"', "") });
});

test("rejects a part list that does not match the upload, and keeps the upload open", async () => {
  const { client } = await serve();
  const upload = await begin(client);
  const one = await part(client, upload, 1, randomBytes(5 * MIB));
  const two = await part(client, upload, 2, randomBytes(100));
  const three = await part(client, upload, 3, randomBytes(100));
  const wrong: [Part[], string][] = [
    [[two, one], "InvalidPartOrder"],
    [[one, one], "InvalidPartOrder"],
    [[one, { ...two, ETag: one.ETag }], "InvalidPart"],
    [[one, { ...two, PartNumber: 9 }], "InvalidPart"],
    [[two, three], "EntityTooSmall"],
    [[], "MalformedXML"],
  ];
  for (const [parts, name] of wrong) {
    await expect(complete(client, upload, parts)).rejects.toMatchObject({ name });
  }
  await complete(client, upload, [one, three]);
  const { ContentLength } = await client.send(new HeadObjectCommand(video));
  expect(ContentLength).toBe(5 * MIB + 100);
  await expect(part(client, upload, 4, Buffer.from("late"))).rejects.toMatchObject({
    name: "NoSuchUpload",
  });
});

test("lists parts and open uploads in pages, and counts a repeated part once", async () => {
  const { client } = await serve();
  const upload = await begin(client);
  for (const number of [1, 2, 3, 10_000]) await part(client, upload, number, Buffer.from("old"));
  await part(client, upload, 2, Buffer.from("newer"));
  const seen: [number?, number?][] = [];
  for await (const page of paginateListParts({ client, pageSize: 1 }, upload)) {
    for (const { PartNumber, Size } of page.Parts ?? []) seen.push([PartNumber, Size]);
  }
  expect(seen).toEqual([
    [1, 3],
    [2, 5],
    [3, 3],
    [10_000, 3],
  ]);
  await expect(part(client, upload, 10_001, Buffer.from("x"))).rejects.toMatchObject({
    name: "InvalidArgument",
  });
  const others = await Promise.all([begin(client, { Key: "b" }), begin(client), begin(client)]);
  const ids: (string | undefined)[] = [];
  let marker = {};
  for (let more = true; more; ) {
    const page = await client.send(
      new ListMultipartUploadsCommand({ Bucket: BUCKET, MaxUploads: 1, ...marker }),
    );
    for (const { UploadId } of page.Uploads ?? []) ids.push(UploadId);
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    more = page.IsTruncated === true;
  }
  expect(ids.toSorted()).toEqual([upload, ...others].map(({ UploadId }) => UploadId).toSorted());
});

test("deletes the parts of an aborted upload, which can no longer be listed or completed", async () => {
  const { client, dataDir, events } = await serve();
  const upload = await begin(client);
  const one = await part(client, upload, 1, randomBytes(MIB));
  await client.send(new AbortMultipartUploadCommand(upload));
  await until(async () => (await readdir(`${dataDir}/blobs`)).length === 0);
  const gone = { name: "NoSuchUpload" };
  await expect(complete(client, upload, [one])).rejects.toMatchObject(gone);
  await expect(client.send(new ListPartsCommand(upload))).rejects.toMatchObject(gone);
  await expect(client.send(new AbortMultipartUploadCommand(upload))).rejects.toMatchObject(gone);
  expect(events).toEqual([]);
});

test("computes CRC32 over the object and SHA-256 over the parts' digests", async () => {
  const { client } = await serve();
  const bodies = [randomBytes(5 * MIB), randomBytes(1000)];
  const run = async (ChecksumAlgorithm: "CRC32" | "SHA256", ChecksumType: string) => {
    const upload = await begin(client, { ChecksumAlgorithm, ChecksumType });
    const parts = [];
    for (const [at, Body] of bodies.entries()) {
      const sent = await client.send(
        new UploadPartCommand({ ...upload, PartNumber: at + 1, Body, ChecksumAlgorithm }),
      );
      parts.push({ ...sent, PartNumber: at + 1, ETag: sent.ETag });
    }
    return complete(client, upload, parts);
  };
  const whole = Buffer.alloc(4);
  whole.writeUInt32BE(crc32(Buffer.concat(bodies)));
  const full = await run("CRC32", "FULL_OBJECT");
  expect(full.ChecksumCRC32).toBe(whole.toString("base64"));
  const digests = bodies.map((body) => createHash("sha256").update(body).digest());
  const composite = createHash("sha256").update(Buffer.concat(digests)).digest("base64");
  expect((await run("SHA256", "COMPOSITE")).ChecksumSHA256).toBe(`${composite}-2`);
  await expect(
    begin(client, { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "COMPOSITE" }),
  ).rejects.toMatchObject({ name: "InvalidRequest" });
});

test("aborts an upload after the bucket's number of days, and not before", async () => {
  const { client, restart } = await serve();
  const upload = await begin(client);
  await part(client, upload, 1, Buffer.from("bytes"));
  const day = 86_400_000;
  const soon = await restart({ lifecycleNow: () => Date.now() + 6 * day });
  await soon.client.send(new PutObjectCommand({ ...video, Body: "x" }));
  await soon.client.send(new ListPartsCommand(upload));
  const late = await restart({ lifecycleNow: () => Date.now() + 7 * day });
  await until(async () => {
    const page = await late.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    return (page.Uploads ?? []).length === 0;
  });
});

test("serves an object to its end if it is deleted while it is read", async () => {
  const { client, dataDir } = await serve();
  const bodies = [1, 2, 3, 4].map(() => randomBytes(5 * MIB));
  const upload = await begin(client);
  const parts: Part[] = [];
  for (const [at, body] of bodies.entries()) parts.push(await part(client, upload, at + 1, body));
  await complete(client, upload, parts);
  const { Body } = await client.send(new GetObjectCommand(video));
  await client.send(new DeleteObjectCommand(video));
  const read = (await Body?.transformToByteArray()) ?? Buffer.alloc(0);
  expect(Buffer.concat(bodies).equals(read)).toBe(true);
  await until(async () => (await readdir(`${dataDir}/blobs`)).length === 0);
});

test("does not replace an object on Complete with If-None-Match: *, and can be repeated", async () => {
  const { client } = await serve();
  const upload = await begin(client);
  const parts = [await part(client, upload, 1, Buffer.from("of the upload"))];
  await client.send(new PutObjectCommand({ ...video, Body: "of another tool" }));
  const rejected = complete(client, upload, parts, { IfNoneMatch: "*" });
  await expect(rejected).rejects.toMatchObject({
    name: "PreconditionFailed",
    $metadata: { httpStatusCode: 412 },
  });
  const read = async () =>
    (await client.send(new GetObjectCommand(video))).Body?.transformToString();
  expect(await read()).toBe("of another tool");
  await client.send(new DeleteObjectCommand(video));
  const done = await complete(client, upload, parts, { IfNoneMatch: "*" });
  expect(await complete(client, upload, parts, { IfNoneMatch: "*" })).toMatchObject({
    ETag: done.ETag,
  });
  expect(await read()).toBe("of the upload");
});
