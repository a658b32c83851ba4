import { stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { type Stack, startStack } from "@rushes/testing/stack";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadMediaKeys } from "./keys.ts";

let stack: Stack;
let mediaUrl: typeof import("@rushes/core/media").mediaUrl;
let folderUrl: typeof import("@rushes/core/media").folderUrl;
let briefMediaUrl: typeof import("@rushes/core/media").briefMediaUrl;
let media: ReturnType<typeof import("@rushes/core/resource").media>;
let put: (bucket: string, key: string, body?: string) => Promise<unknown>;

beforeAll(async () => {
  stack = await startStack();
  ({ mediaUrl, folderUrl, briefMediaUrl } = await import("@rushes/core/media"));
  media = (await import("@rushes/core/resource")).media();
  const { s3 } = await import("@rushes/core/storage");
  put = (Bucket, Key, Body = "0123456789") =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "video/mp4" }));
});
afterAll(() => stack.close());

const RENDITIONS = "rushes-renditions";
const KEY = "job_1/1/film/film-720p.mp4";

/** Signs any URL with the CDN's key. */
const signed = (path: string, query = "") =>
  getSignedUrl({
    url: `${media.url}/`,
    keyPairId: media.keyPairId,
    privateKey: media.privateKey,
    policy: JSON.stringify({
      Statement: [
        { Resource: "*", Condition: { DateLessThan: { "AWS:EpochTime": Date.now() + 60_000 } } },
      ],
    }),
  }).replace("/media/?", `/media/${path}?${query}`);

/** Sends a raw request: fetch normalizes the path, and hostile clients do not. */
async function sendRaw(line: string, headers = ""): Promise<string> {
  const { hostname, port, host } = new URL(media.url);
  const socket = connect(Number(port), hostname);
  socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n`);
  let received = "";
  for await (const chunk of socket) received += chunk.toString("latin1");
  return received;
}
const targetOf = (url: string) => url.slice(new URL(url).origin.length);

test("lets only the dashboard's pages read files and rejections", async () => {
  await put(RENDITIONS, KEY);
  const { url } = mediaUrl({ key: KEY });
  const read = async (address: string, origin: string) =>
    (await fetch(address, { headers: { origin, range: "bytes=0-1" } })).headers;
  const site = "http://127.0.0.1:3000";
  for (const address of [url, `${url}x`]) {
    const headers = await read(address, site);
    expect(headers.get("access-control-allow-origin")).toBe(site);
    expect(headers.get("access-control-expose-headers")).toContain("content-range");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toBe("origin");
    const foreign = await read(address, "http://127.0.0.1:3001");
    expect(foreign.get("access-control-allow-origin")).toBeNull();
  }
});

test("serves the object, a range, 304 and HEAD for a signed URL", async () => {
  await put(RENDITIONS, KEY);
  const { url } = mediaUrl({ key: KEY });
  const whole = await fetch(url);
  expect(await whole.text()).toBe("0123456789");
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    "content-type": "video/mp4",
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-cache",
    "content-security-policy": expect.stringContaining("sandbox"),
  });
  const etag = whole.headers.get("etag") ?? "";
  const part = await fetch(url, { headers: { range: "bytes=4-6", "if-range": etag } });
  expect([part.status, await part.text()]).toEqual([206, "456"]);
  expect(part.headers.get("content-range")).toBe("bytes 4-6/10");
  const other = await fetch(url, { headers: { range: "bytes=4-6", "if-range": '"other"' } });
  expect([other.status, await other.text()]).toEqual([200, "0123456789"]);
  const beyond = await fetch(url, { headers: { range: "bytes=10-" } });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"]);
  await beyond.body?.cancel();
  const known = await fetch(url, { headers: { "if-none-match": etag } });
  expect([known.status, await known.text()]).toEqual([304, ""]);
  const head = await fetch(url, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
    200,
    "10",
    "",
  ]);
});

test("serves a key below the prefix at its own path, and keys of earlier versions", async () => {
  const old = "job_2/1/film/film-720p.mp4";
  await put(RENDITIONS, old, "of an earlier version");
  const { url: oldUrl } = mediaUrl({ key: old });
  expect(await (await fetch(oldUrl)).text()).toBe("of an earlier version");
  const key = "media/job_3/1/été/hls/index.m3u8";
  await put(RENDITIONS, key, "of this version");
  const { url } = mediaUrl({ key });
  expect(decodeURIComponent(new URL(url).pathname)).toBe(`/${key}`);
  expect(await (await fetch(url)).text()).toBe("of this version");
});

describe("the signature of a stream's folder", () => {
  const folder = "media/job_4/1/film*/hls";
  const other = "media/job_4/2/film*/hls/index.m3u8";
  beforeAll(async () => {
    for (const key of [`${folder}/index.m3u8`, `${folder}/index-720p_00001.cmfv`, other]) {
      await put(RENDITIONS, key);
    }
    await put(RENDITIONS, "media/job_4/1/film*/film-720p.mp4");
  });
  /** The status of another path with the query of the stream's URL. */
  const statusOf = async (path: string, ends?: Date) => {
    const { url } = folderUrl({ key: `${folder}/index.m3u8`, ends });
    const received = await sendRaw(`GET /media/${path}?${url.split("?")[1]}`);
    return Number(received.split(" ")[1]);
  };
  const inside = "job_4/1/film%2A/hls";

  test("plays every file below it, until it expires", async () => {
    expect(await statusOf(`${inside}/index.m3u8`)).toBe(200);
    expect(await statusOf(`${inside}/index-720p_00001.cmfv`)).toBe(200);
    const past = new Date(Date.now() - 1000);
    expect(await statusOf(`${inside}/index.m3u8`, past)).toBe(403);
  });

  test.each([
    "job_4/1/film%2A/film-720p.mp4",
    "job_4/2/film%2A/hls/index.m3u8",
    "job_5/1/film%2A/hls/index.m3u8",
    `${inside}/../film-720p.mp4`,
    `${inside}/..%2Ffilm-720p.mp4`,
    `${inside}/%2e%2e/film-720p.mp4`,
    `${inside}%2F..%2Ffilm-720p.mp4`,
    `${inside}/../../../2/film%2A/hls/index.m3u8`,
    `x/${inside}/index.m3u8`,
    `${inside}`,
    `${inside}/`,
  ])("plays nothing else: %s", async (path) => {
    expect(await statusOf(path)).toBe(403);
  });

  test("does not become valid for another folder or time", async () => {
    const { url } = folderUrl({ key: `${folder}/index.m3u8` });
    const policy = new URL(url).searchParams.get("Policy") ?? "";
    const wider = Buffer.from(policy.replaceAll("-", "+").replace(/[_~]/g, ""), "base64")
      .toString()
      .replace("/hls/", "/");
    const changed = Buffer.from(wider).toString("base64").replace(/=/g, "_").replaceAll("+", "-");
    expect((await fetch(url.replace(policy, changed))).status).toBe(403);
  });
});

test("rejects an expired, changed or unsigned URL with CloudFront's errors", async () => {
  await put(RENDITIONS, KEY);
  const past = briefMediaUrl({ key: KEY, ends: new Date(Date.now() - 1000) });
  const { url } = mediaUrl({ key: KEY });
  const rejections = [
    [past, "AccessDenied"],
    [url.replace("720p", "1080p"), "AccessDenied"],
    [url.replace(/Key-Pair-Id=\w+/, "Key-Pair-Id=K1"), "InvalidKey"],
    [url.replace(/(?<=&Signature=).{9}/, "%%%"), "MalformedSignature"],
    [`${media.url}/${KEY}`, "MissingKey"],
  ] as const;
  for (const [rejected, code] of rejections) {
    const answer = await fetch(rejected);
    expect(answer.status, code).toBe(403);
    expect(answer.headers.get("content-type")).toBe("text/xml");
    expect(await answer.text()).toContain(`<Error><Code>${code}</Code>`);
  }
});

test("signs URLs that expire in 10 to 15 minutes and stay equal in between", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  const all = [0, 1, 299_999].map((after) => mediaUrl({ key: "a/b.jpg", now: now + after }));
  expect(new Set(all.map(({ url }) => url)).size).toBe(1);
  expect(all[0]?.expires).toBe("2026-01-01T12:15:00.000Z");
  const later = mediaUrl({ key: "a/b.jpg", now: now + 300_000 });
  expect(later).toMatchObject({ expires: "2026-01-01T12:20:00.000Z" });
});

test("gives a download only the signed file name, in every alphabet", async () => {
  const key = "job_1/1/한국어 필름/한국어 필름-720p.mp4";
  await put(RENDITIONS, key);
  const { url } = mediaUrl({ key, attachmentName: "필름 (2)*'é.mp4" });
  const answer = await fetch(url);
  expect(await answer.text()).toBe("0123456789");
  expect(answer.headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''%ED%95%84%EB%A6%84%20%282%29%2A%27%C3%A9.mp4",
  );
  expect((await fetch(url.replace("%252A", "%252B"))).status).toBe(403);
});

test("passes no other parameter to S3, even a signed one", async () => {
  await put(RENDITIONS, KEY);
  for (const query of ["response-content-type=text%2Fhtml&", "partNumber=1&", "versionId=x&"]) {
    const answer = await fetch(signed(KEY, query));
    expect([answer.status, answer.headers.get("content-type")], query).toEqual([200, "video/mp4"]);
    await answer.body?.cancel();
  }
});

test("serves only the renditions bucket, whatever the path", async () => {
  await put("rushes-uploads", "upl_1/secret.mp4", "secret");
  await put(RENDITIONS, KEY);
  const uploads = "rushes-uploads/upl_1/secret.mp4";
  for (const path of [
    uploads,
    `../${uploads}`,
    `..%2F${uploads}`,
    `%2e%2e/${uploads}`,
    `/${uploads}`,
    "..%5C..%5Csecrets.json",
    "../../secrets.json",
    "%2Fetc%2Fpasswd",
    "%00",
    "%",
    "%ff",
    "",
    "$FILE",
    "$%7BHOME%7D",
    "__proto__",
    "job_1",
    "job_1/",
    "a".repeat(3000),
  ]) {
    const received = await sendRaw(`GET ${targetOf(signed(path))}`);
    expect(received, path).toMatch(/^HTTP\/1\.1 (403|400) /);
    expect(received, path).not.toMatch(/secret<|root:|secretAccessKey/);
  }
  for (const elsewhere of ["/", "/video/", "//media/", "/x/media/"]) {
    const away = targetOf(signed(KEY)).replace("/media/", elsewhere);
    expect(await sendRaw(`GET ${away}`), elsewhere).toMatch(/^HTTP\/1\.1 403 /);
  }
});

test("responds to a missing object with AccessDenied, as AWS does without list permission", async () => {
  const answer = await fetch(mediaUrl({ key: "job_9/nothing.mp4" }).url);
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain("<Code>AccessDenied</Code>");
});

test("rejects writes and deletes, even signed ones", async () => {
  await put(RENDITIONS, KEY);
  const { url } = mediaUrl({ key: KEY });
  for (const method of ["PUT", "POST", "DELETE", "PATCH", "OPTIONS"]) {
    const body = method === "OPTIONS" ? {} : { body: "x" };
    const answer = await fetch(url, { method, ...body });
    expect(answer.status, method).toBe(403);
    await answer.body?.cancel();
  }
  expect(await (await fetch(url)).text()).toBe("0123456789");
});

test("rejects arbitrary bytes without an internal error", async () => {
  const text = fc.string({ unit: fc.constantFrom(..."/%.?&=$*~-_2Fae".split("")), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, async (path) => {
      const received = await sendRaw(`GET /media/${path}`);
      expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
    }),
    { numRuns: 60 },
  );
});

test("creates the key once, readable by its owner only, and keeps it", async () => {
  const folder = join(stack.folder, "media");
  const [first, again] = [await loadMediaKeys(folder), await loadMediaKeys(folder)];
  expect(again.keyPairId).toBe(first.keyPairId);
  expect(first.keyPairId).toBe(media.keyPairId);
  expect((await stat(join(folder, "keys.json"))).mode & 0o777).toBe(0o600);
});
