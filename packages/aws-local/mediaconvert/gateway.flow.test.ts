import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, get, type IncomingMessage } from "node:http";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clip } from "@rushes/testing/clips";
import { credentials, startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Gateway, type OpenInput } from "./gateway.ts";

const BYTES = randomBytes(6 * 1024 * 1024);
const closers: (() => unknown)[] = [];
let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(async () => {
  for (const close of closers) await close();
  await encoder.close();
});

/** A gateway that reads over a line which `cut` breaks after so many bytes, once for each number. */
async function open(cut: number[] = []) {
  const target = new URL(encoder.s3Url);
  const line = createTcpServer((socket) => {
    const far = connect(Number(target.port), target.hostname);
    const limit = cut.shift();
    let seen = 0;
    far.on("data", (chunk) => {
      seen += chunk.length;
      if (limit !== undefined && seen > limit) for (const one of [socket, far]) one.destroy();
    });
    const end = (one: Socket) => one.on("error", () => {}).on("close", () => socket.destroy());
    end(far).pipe(end(socket)).pipe(far);
  }).listen(0, "127.0.0.1");
  await once(line, "listening");
  const endpoint = `http://127.0.0.1:${portOf(line)}`;
  const s3 = new S3Client({ region: "us-east-1", credentials, endpoint, forcePathStyle: true });
  const gateway = new Gateway(s3);
  const server = createServer((request, response) => void gateway.handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  gateway.setOrigin(`http://127.0.0.1:${portOf(server)}`);
  closers.push(
    () => server.close(),
    () => line.close(),
    () => s3.destroy(),
  );
  return gateway;
}

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address !== "object" || !address || !("port" in address)) throw new Error("No port.");
  return Number(address.port);
}

async function upload(key: string) {
  const url = await encoder.upload(key, BYTES);
  return { url, etag: "", sizeBytes: BYTES.length };
}

/** What ffmpeg would ask, as a client of the proxy in its environment. */
async function ask(reading: OpenInput, headers: Record<string, string> = {}) {
  const { username, password } = new URL(reading.env.http_proxy ?? "");
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  const request = get(reading.url, {
    headers: { "proxy-authorization": `Basic ${basic}`, ...headers },
  });
  const [response]: IncomingMessage[] = await once(request, "response");
  if (!response) throw new Error("No response.");
  return { status: response.statusCode, body: buffer(response) };
}

test("serves ranges with the password of a run until the run ends", async () => {
  const gateway = await open();
  const reading = gateway.open(await upload("ranges"));
  const range = await ask(reading, { range: "bytes=100-" });
  expect(range.status).toBe(206);
  expect((await range.body).equals(BYTES.subarray(100))).toBe(true);
  const wrong = { "proxy-authorization": `Basic ${Buffer.from("ffmpeg:x").toString("base64")}` };
  expect((await ask(reading, wrong)).status).toBe(407);
  expect((await ask(reading, { "proxy-authorization": "" })).status).toBe(407);
  reading.close();
  expect((await ask(reading)).status).toBe(407);
});

test("continues after a broken connection without an error", async () => {
  const gateway = await open([1_000_000, 2_000_000, 0]);
  const reading = gateway.open(await upload("broken-line"));
  const { body } = await ask(reading);
  expect((await body).equals(BYTES)).toBe(true);
  expect(reading.error()).toBeUndefined();
});

test("reports an input as missing if it is deleted or replaced during the run", async () => {
  const gateway = await open();
  const object = await upload("deleted");
  const reading = gateway.open(object);
  const replaced = gateway.open({ ...object, etag: '"another"' });
  await expect(ask(replaced).then(({ body }) => body)).rejects.toThrow();
  expect(replaced.error()).toMatchObject({ code: 1404 });
  await encoder.s3.send(new DeleteObjectCommand({ Bucket: "uploads", Key: "deleted" }));
  await expect(ask(reading).then(({ body }) => body)).rejects.toThrow();
  expect(reading.error()).toMatchObject({ code: 1404 });
});

/** The argument lists of every process that runs here. */
/** The command lines of the machine's processes that contain a text. */
async function commandLines(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(lines)).filter((line) => line.includes(text));
}

test("keeps signatures and passwords out of the encoder's arguments", async () => {
  const url = await encoder.upload("ps.mp4", await clip("plain.mp4"));
  await encoder.submit(url);
  const lines = await until(async () => {
    // Of this encoder only: the machine may run others.
    const found = await commandLines(`${encoder.url}/inputs/`);
    return found.length > 0 ? found.join("\n") : undefined;
  });
  expect(lines).not.toMatch(/X-Amz-|http_proxy|ffmpeg:[0-9a-f]{48}/);
});
