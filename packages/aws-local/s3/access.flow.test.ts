import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BUCKET, clientOf, ORIGIN, serve } from "@rushes/testing/s3";
import { until } from "@rushes/testing/until";
import { expect, test } from "vitest";

const video = { Bucket: BUCKET, Key: "my video.mp4" };

/** A presigned URL for exactly `bytes` bytes of video/mp4. */
const putAddress = (url: string, bytes: number, more: object = {}) =>
  getSignedUrl(
    clientOf(url, { requestChecksumCalculation: "WHEN_REQUIRED" }),
    new PutObjectCommand({ ...video, ContentLength: bytes, ContentType: "video/mp4", ...more }),
    { signableHeaders: new Set(["content-length", "content-type", "host"]), expiresIn: 60 },
  );

async function put(address: string, body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(address, {
    method: "PUT",
    body,
    headers: { "content-type": "video/mp4", ...headers },
  });
  const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1];
  return { status: answer.status, code, headers: answer.headers };
}

test("accepts only the file that a presigned URL was signed for", async () => {
  const { url, client } = await serve();
  const address = await putAddress(url, 5);
  expect(await put(address, "12345")).toMatchObject({ status: 200 });
  const rejected = { status: 403, code: "SignatureDoesNotMatch" };
  expect(await put(address, "123456")).toMatchObject(rejected);
  expect(await put(address, "12345", { "content-type": "text/html" })).toMatchObject(rejected);
  expect(await put(address.replace("my%20video", "other"), "12345")).toMatchObject(rejected);
  expect(await put(address.replace("Expires=60", "Expires=600"), "12345")).toMatchObject(rejected);
  const added = await put(address, "12345", { "x-amz-acl": "public-read" });
  expect(added).toMatchObject({ status: 403, code: "AccessDenied" });
  const head = await client.send(new HeadObjectCommand(video));
  expect(head).toMatchObject({ ContentLength: 5, ContentType: "video/mp4" });
});

test("rejects unsigned requests, unknown keys and wrong secrets", async () => {
  const { url } = await serve();
  const denied = { status: 403, code: "AccessDenied" };
  expect(await put(`${url}/${BUCKET}/video`, "x")).toMatchObject(denied);
  expect((await fetch(`${url}/${BUCKET}/video`)).status).toBe(403);
  const wrong = clientOf(url, { credentials: { accessKeyId: "AKIDTEST", secretAccessKey: "no" } });
  await expect(wrong.send(new GetObjectCommand(video))).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
  });
  const unknown = clientOf(url, { credentials: { accessKeyId: "other", secretAccessKey: "no" } });
  await expect(unknown.send(new GetObjectCommand(video))).rejects.toMatchObject({
    name: "InvalidAccessKeyId",
  });
});

test("names Signature Version 4 to a client that signs with version 2", async () => {
  const { url } = await serve();
  const target = `${url}/${BUCKET}/video`;
  for (const answer of [
    await fetch(`${target}?AWSAccessKeyId=AKIDTEST&Signature=c2lnbmVk&Expires=2000000000`),
    await fetch(target, { headers: { authorization: "AWS AKIDTEST:c2lnbmVk" } }),
  ]) {
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/<Code>InvalidRequest<.*Signature Version 4/);
  }
});

test("rejects a presigned URL with the checksum of an empty body", async () => {
  const { url } = await serve();
  const address = await getSignedUrl(clientOf(url), new PutObjectCommand(video));
  expect(address).toContain("x-amz-checksum-crc32=AAAAAA");
  expect(await put(address, "bytes")).toMatchObject({ status: 400, code: "BadDigest" });
});

test("lets a page of an allowed origin upload and read responses, and no other page", async () => {
  const { url } = await serve();
  const preflight = (origin: string, bucket = BUCKET) =>
    fetch(`${url}/${bucket}/video`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
      },
    });
  const allowed = await preflight(ORIGIN);
  expect(allowed.status).toBe(200);
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    "access-control-allow-origin": ORIGIN,
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
  });
  expect(allowed.headers.get("access-control-allow-methods")).toContain("PUT");
  expect((await preflight("http://evil.example")).status).toBe(403);
  expect((await preflight(ORIGIN, "plain")).status).toBe(403);
  const sent = await put(await putAddress(url, 1), "x", { origin: ORIGIN });
  expect(sent.headers.get("access-control-expose-headers")).toContain("ETag");
  const rejected = await put(`${url}/${BUCKET}/video`, "x", { origin: ORIGIN });
  expect(rejected.headers.get("access-control-allow-origin")).toBe(ORIGIN);
});

test("stores nothing and sends no event for an upload that stops halfway", async () => {
  const { url, client, events, dataDir } = await serve();
  const address = new URL(await putAddress(url, 1_000_000));
  const socket = connect(Number(address.port), address.hostname);
  const head = [
    `PUT ${address.pathname}${address.search} HTTP/1.1`,
    `Host: ${address.host}`,
    "Content-Type: video/mp4",
    "Content-Length: 1000000",
  ].join("\r\n");
  socket.write(`${head}\r\n\r\n${"x".repeat(600_000)}`);
  await until(async () => (await readdir(`${dataDir}/blobs`)).length === 1);
  socket.destroy();
  await until(async () => (await readdir(`${dataDir}/blobs`)).length === 0);
  await expect(client.send(new HeadObjectCommand(video))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
  expect(events).toEqual([]);
});

test("rejects uploads with an error when the disk is full, and loses no object", async () => {
  let free = 10 * 1024 ** 3;
  let left = Number.POSITIVE_INFINITY;
  const disk = {
    freeBytes: async () => free,
    beforeWrite: (bytes: number) => {
      left -= bytes;
      if (left < 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
  };
  const { url, client, events, dataDir } = await serve({ disk });
  await client.send(new PutObjectCommand({ ...video, Body: "kept" }));
  const impatient = clientOf(url, { maxAttempts: 1 });
  const send = (Body: Buffer) => impatient.send(new PutObjectCommand({ ...video, Body }));
  const full = { name: "InsufficientStorage", $metadata: { httpStatusCode: 507 } };
  left = 1024 ** 2;
  await expect(send(Buffer.alloc(8 * 1024 ** 2))).rejects.toMatchObject(full);
  left = Number.POSITIVE_INFINITY;
  free = 1024 ** 2;
  await expect(send(Buffer.alloc(10))).rejects.toMatchObject(full);
  const { Body } = await client.send(new GetObjectCommand(video));
  expect(await Body?.transformToString()).toBe("kept");
  // The blob and its sidecar.
  expect(await readdir(`${dataDir}/blobs`)).toHaveLength(2);
  free = 10 * 1024 ** 3;
  await send(Buffer.from("after"));
  await until(() => events.length === 2);
});

test("rejects bytes that differ from the signed ones, in plain and chunked bodies", async () => {
  const { url } = await serve();
  const client = clientOf(url, { requestChecksumCalculation: "WHEN_REQUIRED", maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Buffer };
      request.body = Buffer.from("forged");
      return next(args);
    },
    { step: "finalizeRequest", priority: "low", name: "forge" },
  );
  await expect(
    client.send(new PutObjectCommand({ ...video, Body: Buffer.from("signed") })),
  ).rejects.toMatchObject({ name: "XAmzContentSHA256Mismatch" });
});
