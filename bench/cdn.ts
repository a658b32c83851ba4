/**
 * Reads a rendition through the local CDN, and the same file from the simplest server in Node: one `pipe` from a file.
 * Each runs in its own process, and they alternate. The client is the same: it keeps its connection, counts the bytes
 * and drops them.
 */
import { fork } from "node:child_process";
import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { Agent, createServer, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const name = "cdn";

const MIB = 1024 ** 2;
const SIZE_BYTES = 256 * MIB;
/** Reads of the whole file per round. */
const READS = 4;
/** Ranges of 1 MiB per round. */
const RANGES = 100;
const TARGET = 0.9;
const BUCKET = "rushes-renditions";
const KEY = "job/1/film/film-1080p.mp4";
const credentials = { accessKeyId: "AKIDBENCH", secretAccessKey: "secret" };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Sample {
  mibPerSecond: number;
  /** The server's CPU time per GiB. */
  cpuSeconds: number;
  /** Median time to the first byte of a range, in milliseconds. */
  firstByteMs: number;
}
type Server = "cdn" | "plain";

/** Returns tables in Markdown. */
export async function run({ runs = 3 }: { runs?: number } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-cdn-"));
  const cdn = await startServer("cdn", folder);
  // Starts after the CDN, because the plain server serves the file that the CDN serves.
  const plain = await startServer("plain", folder);
  const samples = { cdn: [] as Sample[], plain: [] as Sample[] };
  try {
    // The first round warms both up and is not counted.
    for (let round = 0; round <= runs; round += 1) {
      const pair = { plain: await plain.measure(), cdn: await cdn.measure() };
      if (round === 0) continue;
      samples.cdn.push(pair.cdn);
      samples.plain.push(pair.plain);
    }
  } finally {
    agent.destroy();
    await Promise.all([cdn.stop(), plain.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
  return report(samples, runs);
}

function report(samples: Record<Server, Sample[]>, runs: number): string {
  const of = (server: Server, field: keyof Sample) =>
    median(samples[server].map((sample) => sample[field]));
  /** The median of the rounds' ratios: a slow machine slows both servers in a round. */
  const ratio = (field: keyof Sample) =>
    median(samples.cdn.map((sample, at) => sample[field] / (samples.plain[at]?.[field] ?? 0)));
  const speed = ratio("mibPerSecond");
  const row = (title: string, server: Server) =>
    `| ${title} | ${of(server, "mibPerSecond").toFixed(0)} | ${of(server, "cpuSeconds").toFixed(2)} | ${of(server, "firstByteMs").toFixed(2)} |`;
  return [
    "### cdn",
    "",
    `A file of ${SIZE_BYTES / MIB} MiB over loopback, read ${READS} times a round, then ${RANGES} ranges of 1 MiB; medians of ${runs} interleaved rounds.`,
    "",
    "| | MiB/s | server's CPU s per GiB | ms to a range's first byte |",
    "| --- | --- | --- | --- |",
    row("the local CDN", "cdn"),
    row("a plain Node file server", "plain"),
    `| ratio | **${speed.toFixed(2)}** (target ≥ ${TARGET}: ${speed >= TARGET ? "met" : "missed"}) | ${ratio("cpuSeconds").toFixed(2)} | ${ratio("firstByteMs").toFixed(2)} |`,
  ].join("\n");
}

async function startServer(server: Server, folder: string) {
  const child = fork(import.meta.filename, [server, folder]);
  const [url] = await once(child, "message");
  const cpuSeconds = async (): Promise<number> => {
    child.send("cpu");
    const [seconds] = await once(child, "message");
    return seconds;
  };
  return {
    async measure(): Promise<Sample> {
      const before = await cpuSeconds();
      const from = performance.now();
      for (let read = 0; read < READS; read += 1) await readBytes(url, 0, SIZE_BYTES);
      const seconds = (performance.now() - from) / 1000;
      const spent = (await cpuSeconds()) - before;
      const firstBytes: number[] = [];
      for (let range = 0; range < RANGES; range += 1) {
        // Spread over the file, as for a viewer who seeks.
        const start = ((range * 37) % (SIZE_BYTES / MIB)) * MIB;
        firstBytes.push(await readBytes(url, start, MIB));
      }
      return {
        mibPerSecond: (READS * SIZE_BYTES) / MIB / seconds,
        cpuSeconds: spent / ((READS * SIZE_BYTES) / 1024 ** 3),
        firstByteMs: median(firstBytes),
      };
    },
    async stop() {
      const exit = once(child, "exit");
      child.send("stop");
      await exit;
    },
  };
}

/** Reads a range to its end. Returns the milliseconds to its first byte. */
async function readBytes(url: string, start: number, length: number): Promise<number> {
  const headers = { range: `bytes=${start}-${start + length - 1}` };
  const from = performance.now();
  const [response] = await once(get(url, { agent, headers }), "response");
  if (response.statusCode !== 206) throw new Error(`The server answered ${response.statusCode}.`);
  let firstByteMs = 0;
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    if (bytes === 0) firstByteMs = performance.now() - from;
    bytes += chunk.length;
  });
  await once(response, "end");
  if (bytes !== length) throw new Error(`${bytes} of ${length} bytes came.`);
  return firstByteMs;
}

/** The serving process. */
async function serve(server: Server, folder: string): Promise<void> {
  const url = await (server === "cdn" ? startLocalCdn(folder) : startPlain(folder));
  process.on("message", (message) => {
    if (message === "stop") process.exit(0);
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1e6);
  });
  process.send?.(url);
}

async function startPlain(folder: string): Promise<string> {
  const blobs = join(folder, "blobs");
  const [blob] = (await readdir(blobs)).filter((file) => !file.includes("."));
  if (!blob) throw new Error("The CDN has no file.");
  const path = join(blobs, blob);
  const server = createServer(async (request, response) => {
    const { size } = await stat(path);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const [start, end] = [Number(first), Number(last)];
    response.writeHead(206, {
      "content-type": "video/mp4",
      "content-length": end - start + 1,
      "content-range": `bytes ${start}-${end}/${size}`,
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/film.mp4`;
}

async function startLocalCdn(folder: string): Promise<string> {
  const { start } = await import("../packages/aws-local/s3/index.ts");
  const { startCdn } = await import("../packages/aws-local/cloudfront/index.ts");
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const s3 = await start({
    ...{ dataDir: folder, host: "127.0.0.1", port: 0, region: "us-east-1", credentials },
    buckets: [{ name: BUCKET, notifications: [] }],
    deliver: async () => {},
  });
  const client = new S3Client({ endpoint: s3.url, region: "us-east-1", credentials });
  const Body = Buffer.alloc(SIZE_BYTES, "film");
  const ContentType = "video/mp4";
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: KEY, Body, ContentType }));
  client.destroy();
  const cdn = await startCdn({
    ...{ host: "127.0.0.1", port: 0, s3, bucket: BUCKET },
    ...{ trusted: new Map([["K", publicKey]]), onLog: console.error },
  });
  const address = `${cdn.url}/${KEY}`;
  const ends = Math.floor(Date.now() / 1000) + 3600;
  const policy = JSON.stringify({
    Statement: [{ Resource: address, Condition: { DateLessThan: { "AWS:EpochTime": ends } } }],
  });
  const signature = createSign("sha256").update(policy).sign(privateKey, "base64");
  const text = signature.replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
  return `${address}?Expires=${ends}&Key-Pair-Id=K&Signature=${text}&Hash-Algorithm=SHA256`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const [, , server, folder] = process.argv;
if (process.send && process.argv[1] === import.meta.filename && folder) {
  await serve(server === "cdn" ? "cdn" : "plain", folder);
}
