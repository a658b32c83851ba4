import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl as signMedia } from "@aws-sdk/cloudfront-signer";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createCdnHandler } from "@rushes/aws-local/cloudfront/index";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { listen } from "@rushes/aws-local/wire/listen";
import { until } from "@rushes/testing/until";
import { expect, onTestFinished, test } from "vitest";
import { type ProxyOptions, startProxy } from "./index.ts";

const SITE = "https://video.example.com";
const HOST = new URL(SITE).host;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A proxy in front of a web server that records its requests. */
async function open(options: Partial<ProxyOptions> & { answer?: Answer } = {}) {
  const { answer = (_, response) => void response.end("web"), ...more } = options;
  const asked: IncomingMessage[] = [];
  const lines: string[] = [];
  const web = await listen(
    createServer((message, response) => {
      asked.push(message);
      answer(message, response);
    }),
    { host: "127.0.0.1", port: 0 },
  );
  const proxy = await startProxy({
    host: "127.0.0.1",
    port: 0,
    publicUrl: SITE,
    trustedProxies: ["127.0.0.1"],
    routes: {},
    web: web.url,
    onLog: (line: string) => void lines.push(line),
    ...more,
  });
  onTestFinished(async () => {
    await proxy.close();
    await web.close();
  });
  return { port: proxy.port, asked, lines, web };
}

/** Sends a request like a browser whose TLS ended in front of the proxy: with the public name. */
function begin(port: number, path: string, options: RequestOptions = {}) {
  const headers = { host: HOST, ...options.headers };
  return request({ host: "127.0.0.1", port, path, ...options, headers });
}

async function ask(port: number, path: string, options: RequestOptions = {}, body?: Buffer) {
  const asking = begin(port, path, options);
  asking.end(body);
  const [answer]: IncomingMessage[] = await once(asking, "response");
  if (!answer) throw new Error("There is no answer.");
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

/** Sends exactly these bytes to a server. Returns its response until the connection ends. */
async function say(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk.toString("latin1");
  });
  await new Promise((closed) => socket.once("close", closed));
  return said;
}

test("replaces the forwarded headers of an untrusted client", async () => {
  const { port, asked } = await open({ trustedProxies: ["192.0.2.1"] });
  await ask(port, "/", {
    headers: { "x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9" },
  });
  expect(asked[0]?.headers).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": HOST,
    host: HOST,
  });
  expect(asked[0]?.headers).not.toHaveProperty("x-real-ip");
});

test("passes on one address from a trusted proxy, without those that its client invented", async () => {
  const { port, asked } = await open({ trustedProxies: ["127.0.0.1", "10.0.0.0/8"] });
  await ask(port, "/", {
    headers: { "x-forwarded-for": "10.6.6.6, 198.51.100.7, 203.0.113.9, 10.0.0.2" },
  });
  expect(asked[0]?.headers["x-forwarded-for"]).toBe("203.0.113.9");
});

test("removes the internal headers of Next and of a CDN", async () => {
  const { port, asked } = await open();
  const forged = {
    "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
    "x-middleware-rewrite": "/admin/users",
    "x-invoke-path": "/admin/users",
    "x-forwarded-port": "1",
    "x-forwarded-viewer": "203.0.113.9",
    forwarded: "for=203.0.113.9;host=evil.example",
  };
  await ask(port, "/jobs", { headers: forged });
  for (const name of Object.keys(forged)) expect(asked[0]?.headers).not.toHaveProperty(name);
});

test("rejects a request for another host", async () => {
  const { port, asked } = await open();
  for (const host of ["evil.example", `${HOST}.evil.example`, `${HOST}:8443`, `a@${HOST}`, ""]) {
    const { status, body } = await ask(port, "/", { headers: { host } });
    expect(status === 421 || status === 400, host).toBe(true);
    expect(body.toString()).not.toContain("web");
  }
  const whole = await ask(port, "http://127.0.0.1/jobs");
  expect(whole.status).toBe(400);
  expect(asked).toEqual([]);
  expect((await ask(port, "/", { headers: { host: HOST.toUpperCase() } })).status).toBe(200);
});

test("rejects preflight and TRACE requests", async () => {
  const { port, asked } = await open();
  for (const method of ["TRACE", "OPTIONS", "PROPFIND"]) {
    const { status, headers } = await ask(port, "/", { method });
    expect(status, method).toBe(405);
    expect(headers.allow).toBe("GET, HEAD, POST, PUT, PATCH, DELETE");
  }
  expect(asked).toEqual([]);
});

async function bucket() {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-proxy-"));
  const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
  const s3 = await startS3({
    dataDir,
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    buckets: [{ name: "films", notifications: [] }],
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
  const at = { Bucket: "films", Key: "a film.mp4" };
  const pathOf = (url: string) => url.slice(SITE.length);
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const media = createCdnHandler({
    s3,
    bucket: "films",
    trusted: new Map([["K1", publicKey]]),
    url: `${SITE}/media`,
    addressOf: ({ headers }) => headers["x-forwarded-for"]?.toString() ?? "",
    onLog: () => {},
  });
  return {
    routes: { films: s3.handler, media },
    play: (more: { ipAddress?: string } = {}) =>
      pathOf(
        signMedia({
          url: `${SITE}/media/a%20film.mp4`,
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
    const { port, asked } = await open({ routes });
    const film = randomBytes(sizeBytes);
    const headers = { "content-length": sizeBytes };
    const up = await ask(port, await put(sizeBytes), { method: "PUT", headers }, film);
    expect(up.status, up.body.toString()).toBe(200);
    const first = Math.floor(sizeBytes / 2);
    const range = `bytes=${first}-`;
    const down = await ask(port, await get(), { headers: { range } });
    expect(down.status).toBe(206);
    expect(down.body.equals(film.subarray(first))).toBe(true);
    expect(asked).toEqual([]);
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
  expect((await ask(port, "/films/a%20film.mp4")).status).toBe(403);
  const forged = (await get()).replace(/(?<=X-Amz-Signature=)\w+/, "0".repeat(64));
  expect((await ask(port, forged)).status).toBe(403);
});

test("serves renditions on the public name to the signed network", async () => {
  const { routes, put, play } = await bucket();
  const { port, asked } = await open({ routes });
  const upload = { method: "PUT", headers: { "content-length": 4 } };
  await ask(port, await put(4), upload, Buffer.from("film"));
  const { status, headers, body } = await ask(port, play(), { headers: { range: "bytes=1-2" } });
  expect([status, body.toString()]).toEqual([206, "il"]);
  expect(headers["content-security-policy"]).toMatch(/sandbox$/);
  for (const path of [
    play().replace("film", "movie"),
    "/media/a%20film.mp4",
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
  expect(asked).toEqual([]);
});

test("sends 100 Continue only when S3 or the web server wants the body", async () => {
  const { routes, put } = await bucket();
  const { port, asked } = await open({
    routes,
    answer: async (message, response) => void response.end(await buffer(message)),
  });
  const patient = async (path: string, size: number) => {
    const headers = { expect: "100-continue", "content-length": size };
    const asking = begin(port, path, { method: "PUT", headers });
    const received = { continue: false };
    asking.on("continue", () => {
      received.continue = true;
      asking.end("x".repeat(size));
    });
    asking.flushHeaders();
    const [answer]: IncomingMessage[] = await once(asking, "response");
    const body = answer ? await buffer(answer) : undefined;
    asking.destroy();
    return { continued: received.continue, status: answer?.statusCode, body: body?.toString() };
  };
  expect(await patient(await put(4), 4)).toMatchObject({ continued: true, status: 200 });
  expect(await patient("/films/a%20film.mp4", 4)).toMatchObject({ continued: false, status: 403 });
  expect(await patient("/api/jobs", 4)).toMatchObject({ continued: true, body: "xxxx" });
  expect(asked).toHaveLength(1);
});

test("aborts the upstream request when the client disconnects", async () => {
  const { port, asked } = await open({ answer: () => {} });
  const upward = begin(port, "/api/uploads", { method: "POST", headers: { "content-length": 99 } });
  upward.on("error", () => {});
  upward.write("begun");
  const downward = begin(port, "/jobs");
  downward.on("error", () => {});
  downward.end();
  await until(() => asked.length === 2);
  upward.destroy();
  downward.destroy();
  await until(() => asked.every((message) => message.socket.destroyed));
});

test("answers 503 while the web server is down, and logs no share link address", async () => {
  const { port, lines, web } = await open();
  await web.close();
  const page = await ask(port, "/watch/01ADDRESS-SECRET?a=b");
  expect(page.status).toBe(503);
  expect(page.headers["retry-after"]).toBe("5");
  expect(page.headers["content-type"]).toMatch(/^text\/plain/);
  const api = await ask(port, "/api/watch/01ADDRESS-SECRET", { method: "POST" });
  expect(api.status).toBe(503);
  expect(api.headers["retry-after"]).toBe("5");
  expect(JSON.parse(api.body.toString())).toMatchObject({ code: "service.unavailable" });
  await ask(port, "/jobs?q=a%20name");
  expect(lines).toHaveLength(3);
  expect(lines.join()).not.toMatch(/SECRET|name/);
});

test("cuts off a client that sends its headers too slowly", async () => {
  const { port, asked } = await open({ headersMs: 200 });
  const said = await say(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Slow: `);
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect(asked).toEqual([]);
});

test("rejects a cookie of ten megabytes, and keeps answering", async () => {
  const { port, asked } = await open();
  const cookie = `Cookie: a=${"a".repeat(10 * 1024 * 1024)}`;
  const said = await say(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${cookie}\r\n\r\n`);
  // A client that is still sending when the connection ends may miss the response.
  expect(said === "" || said.startsWith("HTTP/1.1 431 ")).toBe(true);
  const large = `Cookie: a=${"a".repeat(40 * 1024)}`;
  expect(await say(port, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n${large}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect(asked).toEqual([]);
  expect((await ask(port, "/")).status).toBe(200);
});

test.for([
  ["two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n"],
  ["a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"],
  ["chunks in disguise", "Transfer-Encoding: xchunked\r\n"],
  ["a folded header", "X-A: b\r\n c: d\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n"],
  ["a bare line feed", "X-A: b\nContent-Length: 4\r\n"],
])("rejects a request with %s, which enables request smuggling", async ([, headers]) => {
  const { port, asked } = await open();
  const second = `GET /second HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
  const said = await say(
    port,
    `POST / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n${headers}\r\n0\r\n\r\n${second}`,
  );
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect(asked).toEqual([]);
});
