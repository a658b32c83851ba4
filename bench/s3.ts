/**
 * The speed of a presigned PUT to the local S3, compared with a sink that only hashes, writes and syncs, and its memory
 * use. The two alternate. The client and each server are separate processes.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BUCKET, credentials } from "./s3-server.ts";

export const name = "s3";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const SIZE_BYTES = 2 * GIB;
const LARGE_BYTES = 5_000_000_000;
const CHUNK = randomBytes(MIB);

interface Server {
  url: string;
  /** Since the last call: peak resident memory in bytes, CPU time in seconds. */
  used(): Promise<{ peak: number; cpu: number }>;
  stop(): Promise<void>;
}

async function start(kind: "s3" | "sink", folder: string): Promise<Server> {
  const child: ChildProcess = fork(join(import.meta.dirname, "s3-server.ts"), [kind, folder]);
  const [{ url }] = await once(child, "message");
  return {
    url,
    async used() {
      child.send("used");
      const [used] = await once(child, "message");
      return used;
    },
    async stop() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

/** Sends `bytes` bytes as fast as the server accepts them. Returns MB/s, including the response. */
async function send(address: string, bytes: number): Promise<number> {
  const began = performance.now();
  const put = request(address, { method: "PUT", headers: { "content-length": bytes } });
  const answer = once(put, "response");
  for (let left = bytes; left > 0; left -= CHUNK.length) {
    const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
    if (!put.write(chunk)) await Promise.race([once(put, "drain"), answer]);
  }
  put.end();
  const [response] = await answer;
  response.resume();
  if (response.statusCode !== 200) throw new Error(`The server answered ${response.statusCode}.`);
  return bytes / 1e6 / ((performance.now() - began) / 1000);
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const mib = (bytes: number) => (bytes / MIB).toFixed(0);

/** Returns a table in markdown. */
export async function run({ runs }: { runs: number }): Promise<string> {
  const [sizeBytes, largeBytes] = [SIZE_BYTES, LARGE_BYTES];
  const folder = await mkdtemp(join(tmpdir(), "rushes-bench-s3-"));
  const [s3, sink] = await Promise.all([start("s3", folder), start("sink", folder)]);
  try {
    const client = new S3Client({
      ...{ endpoint: s3.url, region: "us-east-1", credentials },
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const target = { Bucket: BUCKET, Key: "my film.mp4" };
    const toS3 = async (bytes: number) => {
      const command = new PutObjectCommand({ ...target, ContentLength: bytes });
      const signableHeaders = new Set(["content-length", "host"]);
      const speed = await send(await getSignedUrl(client, command, { signableHeaders }), bytes);
      await client.send(new DeleteObjectCommand(target));
      return speed;
    };
    // Discards the startup's usage, which is not idle.
    await s3.used();
    await sleep(1000);
    const idle = await s3.used();
    const speeds = { s3: [] as number[], sink: [] as number[] };
    // One uncounted round, to warm up both compilers and the disk caches.
    await toS3(sizeBytes / 4);
    await send(sink.url, sizeBytes / 4);
    await Promise.all([s3.used(), sink.used()]);
    for (let round = 0; round < runs; round += 1) {
      speeds.s3.push(await toS3(sizeBytes));
      speeds.sink.push(await send(sink.url, sizeBytes));
    }
    const [used, sinkUsed] = await Promise.all([s3.used(), sink.used()]);
    await toS3(largeBytes);
    const large = await s3.used();
    const [localSpeed, sinkSpeed] = [median(speeds.s3), median(speeds.sink)];
    const cpu = ({ cpu }: { cpu: number }) => (cpu / runs).toFixed(2);
    const all = (values: number[]) => values.map((value) => value.toFixed(0)).join(", ");
    return [
      "| 2 GiB presigned PUT | median MB/s | each round | server's CPU s |",
      "|---|---|---|---|",
      `| local S3 | ${localSpeed.toFixed(0)} | ${all(speeds.s3)} | ${cpu(used)} |`,
      `| sink (md5, write, fsync) | ${sinkSpeed.toFixed(0)} | ${all(speeds.sink)} | ${cpu(sinkUsed)} |`,
      `| ratio (goal ≥ 0.9) | ${(localSpeed / sinkSpeed).toFixed(2)} | | |`,
      "",
      "| memory of the local S3 | MiB |",
      "|---|---|",
      `| idle | ${mib(idle.peak)} |`,
      `| over idle at 2 GiB (goal ≤ 150) | ${mib(used.peak - idle.peak)} |`,
      `| over idle at 5 GB (goal ≤ 150) | ${mib(large.peak - idle.peak)} |`,
    ].join("\n");
  } finally {
    await Promise.all([s3.stop(), sink.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
