import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl as signMedia } from "@aws-sdk/cloudfront-signer";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createCdnHandler } from "@rushes/aws-local/cloudfront/index";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { expect, onTestFinished, test } from "vitest";
import { ask, begin, open, SITE } from "./proxy.fixture.ts";

async function bucket() {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-proxy-"));
  const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
  const s3 = await startS3({
    dataDir,
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    buckets: [{ name: "videos", notifications: [] }],
    deliver: async () => {},
  });
  onTestFinished(async () => {
    await s3.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const client = new S3Client({
    endpoint: SITE,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const at = { Bucket: "videos", Key: "a video.mp4" };
  const pathOf = (url: string) => url.slice(SITE.length);
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const media = createCdnHandler({
    s3,
    bucket: "videos",
    trusted: new Map([["K1", publicKey]]),
    url: `${SITE}/media`,
    addressOf: ({ headers }) => headers["x-forwarded-for"]?.toString() ?? "",
    onLog: () => {},
  });
  return {
    routes: { videos: s3.handler, media },
    play: (more: { ipAddress?: string } = {}) =>
      pathOf(
        signMedia({
          url: `${SITE}/media/a%20video.mp4`,
          keyPairId: "K1",
          algorithm: "SHA256",
          privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
          dateLessThan: new Date(Date.now() + 60_000),
          ...more,
        }),
      ),
    put: async (sizeBytes: number) =>
      pathOf(
        await getSignedUrl(client, new PutObjectCommand({ ...at, ContentLength: sizeBytes }), {
          signableHeaders: new Set(["host", "content-length"]),
        }),
      ),
    get: async () => pathOf(await getSignedUrl(client, new GetObjectCommand(at))),
  };
}

test.for([1, 64 * 1024 * 1024])(
  "uploads and downloads %d bytes with presigned URLs of the public name",
  async (sizeBytes) => {
    const { routes, put, get } = await bucket();
    const { port, requests } = await open({ routes });
    const bytes = randomBytes(sizeBytes);
    const headers = { "content-length": sizeBytes };
    const up = await ask(port, await put(sizeBytes), { method: "PUT", headers }, bytes);
    expect(up.status, up.body.toString()).toBe(200);
    const first = Math.floor(sizeBytes / 2);
    const range = `bytes=${first}-`;
    const down = await ask(port, await get(), { headers: { range } });
    expect(down.status).toBe(206);
    expect(down.body.equals(bytes.subarray(first))).toBe(true);
    expect(requests).toEqual([]);
  },
);

test("sends objects with a sandbox policy, and only with a valid signature", async () => {
  const { routes, put, get } = await bucket();
  const { port } = await open({ routes });
  const headers = { "content-length": 1 };
  await ask(port, await put(1), { method: "PUT", headers }, Buffer.from("x"));
  expect((await ask(port, await get())).headers).toMatchObject({
    "content-security-policy": expect.stringMatching(/default-src 'none'.*; sandbox$/),
    "x-content-type-options": "nosniff",
    "strict-transport-security": expect.stringContaining("max-age="),
  });
  expect((await ask(port, "/videos/a%20video.mp4")).status).toBe(403);
  const forged = (await get()).replace(/(?<=X-Amz-Signature=)\w+/, "0".repeat(64));
  expect((await ask(port, forged)).status).toBe(403);
});

test("serves renditions on the public name to the signed network", async () => {
  const { routes, put, play } = await bucket();
  const { port, requests } = await open({ routes });
  const upload = { method: "PUT", headers: { "content-length": 4 } };
  await ask(port, await put(4), upload, Buffer.from("clip"));
  const { status, headers, body } = await ask(port, play(), { headers: { range: "bytes=1-2" } });
  expect([status, body.toString()]).toEqual([206, "li"]);
  expect(headers["content-security-policy"]).toMatch(/sandbox$/);
  for (const path of [
    play().replace("video", "movie"),
    "/media/a%20video.mp4",
    "/media",
    "/media/",
  ]) {
    expect((await ask(port, path)).status, path).toBe(403);
  }
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  const bound = play({ ipAddress: "203.0.113.0/24" });
  expect((await ask(port, bound, from("203.0.113.9"))).status).toBe(200);
  expect((await ask(port, bound, from("198.51.100.4"))).status).toBe(403);
  expect((await ask(port, bound, from("203.0.113.9, 198.51.100.4"))).status).toBe(403);
  expect(requests).toEqual([]);
});

test("sends 100 Continue only when S3 or the web server wants the body", async () => {
  const { routes, put } = await bucket();
  const { port, requests } = await open({
    routes,
    respond: async (message, response) => void response.end(await buffer(message)),
  });
  const putWithContinue = async (path: string, size: number) => {
    const headers = { expect: "100-continue", "content-length": size };
    const outgoing = begin(port, path, { method: "PUT", headers });
    const received = { continue: false };
    outgoing.on("continue", () => {
      received.continue = true;
      outgoing.end("x".repeat(size));
    });
    outgoing.flushHeaders();
    const [answer]: IncomingMessage[] = await once(outgoing, "response");
    const body = answer ? await buffer(answer) : undefined;
    outgoing.destroy();
    return { continued: received.continue, status: answer?.statusCode, body: body?.toString() };
  };
  expect(await putWithContinue(await put(4), 4)).toMatchObject({ continued: true, status: 200 });
  expect(await putWithContinue("/videos/a%20video.mp4", 4)).toMatchObject({
    continued: false,
    status: 403,
  });
  expect(await putWithContinue("/api/jobs", 4)).toMatchObject({ continued: true, body: "xxxx" });
  expect(requests).toHaveLength(1);
});
