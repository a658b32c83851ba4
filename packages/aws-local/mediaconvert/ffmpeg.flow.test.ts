import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, mkdtemp, readdir, readlink, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { FFMPEG } from "@rushes/testing/clips";
import { credentials, startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runFfmpeg } from "./ffmpeg.ts";
import { putObject } from "./put-object.ts";

let folder = "";
let encoder: TestEncoder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-child-"));
  encoder = await startEncoder();
});
afterAll(async () => {
  await encoder.close();
  await rm(folder, { recursive: true, force: true });
});

/** Processes whose working directory is the folder; on systems without /proc, a file that grows. */
async function alive(): Promise<boolean> {
  if (
    await access("/proc/self").then(
      () => true,
      () => false,
    )
  ) {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      if (cwd === folder) return true;
    }
    return false;
  }
  const size = async () => (await stat(join(folder, "endless.mp4"))).size;
  const before = await size();
  await delay(1000);
  return (await size()) > before;
}

test("stops the encoder when its parent is killed with -9", async () => {
  const parent = fork(new URL("./death.fixture.ts", import.meta.url), [FFMPEG, folder], {
    execArgv: [],
    stdio: "ignore",
  });
  await once(parent, "message");
  expect(await alive()).toBe(true);
  parent.kill("SIGKILL");
  await until(async () => ((await alive()) ? undefined : true), 5000);
});

test("stops an encoder, and reports why one failed", async () => {
  const stop = new AbortController();
  const args = [
    "-nostdin",
    "-progress",
    "pipe:1",
    "-re",
    "-f",
    "lavfi",
    "-i",
    "testsrc2",
    "-f",
    "null",
    "-",
  ];
  const stopped = await runFfmpeg({
    ...{ path: FFMPEG, cwd: folder, args, signal: stop.signal },
    onProgress: () => stop.abort(),
  });
  expect(stopped.code).toBe(137);
  const failed = await runFfmpeg({
    ...{ path: FFMPEG, cwd: folder, args: ["-i", "nothing.mp4"], onProgress: () => {} },
    signal: new AbortController().signal,
  });
  expect(failed.code).not.toBe(0);
  expect(failed.lines.join("\n")).toContain("No such file");
});

/** A line to S3 that breaks each of its first connections when it has taken the beginning of a body. */
async function brokenLine(breaks: number): Promise<{ url: string; close(): void }> {
  const target = new URL(encoder.s3Url);
  let left = breaks;
  const line = createServer((socket) => {
    const far = connect(Number(target.port), target.hostname);
    const isBroken = left > 0;
    left -= 1;
    let seen = 0;
    socket.on("data", (chunk) => {
      seen += chunk.length;
      if (isBroken && seen > 100_000) for (const one of [socket, far]) one.resetAndDestroy();
    });
    for (const one of [socket, far]) one.on("error", () => {}).on("close", () => socket.destroy());
    far.pipe(socket).pipe(far);
  }).listen(0, "127.0.0.1");
  await once(line, "listening");
  const address = line.address();
  if (typeof address !== "object" || !address) throw new Error("No port.");
  return { url: `http://127.0.0.1:${address.port}`, close: () => line.close() };
}

test.each([
  ["in one request", 100 * 1024 * 1024],
  ["in parts", 1024 * 1024],
])("uploads an output %s although connections break", async (how, singleLimitBytes) => {
  const bytes = randomBytes(6 * 1024 * 1024);
  const path = join(folder, how);
  await writeFile(path, bytes);
  const line = await brokenLine(3);
  const s3 = new S3Client({
    region: "us-east-1",
    credentials,
    endpoint: line.url,
    forcePathStyle: true,
  });
  const limits = { singleLimitBytes, partBytes: 5 * 1024 * 1024 };
  const target = { bucket: "renditions", key: how, contentType: "video/mp4" };
  const body = { path, bytes: bytes.length };
  await putObject(s3, target, body, new AbortController().signal, limits);
  expect(bytes.equals(await encoder.get(how))).toBe(true);
  s3.destroy();
  line.close();
});

test("uploads a large output in parts", async () => {
  const bytes = randomBytes(12 * 1024 * 1024);
  const path = join(folder, "large");
  await writeFile(path, bytes);
  const s3 = new S3Client({
    ...{ region: "us-east-1", credentials, endpoint: encoder.s3Url, forcePathStyle: true },
  });
  const limits = { singleLimitBytes: 1024 * 1024, partBytes: 5 * 1024 * 1024 };
  const target = { bucket: "renditions", key: "large.mp4", contentType: "video/mp4" };
  const body = { path, bytes: bytes.length };
  const { signal } = new AbortController();
  await putObject(s3, target, body, signal, limits);
  const got = await s3.send(new GetObjectCommand({ Bucket: "renditions", Key: "large.mp4" }));
  expect(got.ETag).toMatch(/-3"$/);
  expect(bytes.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
  const lost = { ...target, bucket: "nowhere" };
  await expect(putObject(s3, lost, body, signal, limits)).rejects.toMatchObject({ code: 1404 });
  s3.destroy();
});
