/** A stream of a long video has tens of thousands of files, which are deleted in steps that can be repeated. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "@rushes/aws-local/s3/index";
import { objectName, Store } from "@rushes/aws-local/s3/store";
import { expect, onTestFinished, test, vi } from "vitest";

const BUCKET = "rushes-renditions";
const FILES = 20_000;
const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
const OTHER = "media/job_2/1/film/hls/index.m3u8";

/** A server with 20,000 empty objects below one folder, and one object of another job. */
async function filledServer() {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-many-"));
  const store = await Store.open(join(dataDir, "rows"), async () => {});
  const row = { sizeBytes: 0, etag: "0", modified: 0, sequencer: "0", headers: {}, pieces: [] };
  const names = Array.from({ length: FILES }, (_, at) => `media/job_1/1/film/hls/${at}.cmfv`);
  await store.commit(async (transaction) => {
    for (const key of [...names, OTHER]) transaction.put("object", objectName(BUCKET, key), row);
  });
  await store.close();
  const server = await start({
    ...{ dataDir, host: "127.0.0.1", port: 0, region: "us-east-1", credentials },
    buckets: [{ name: BUCKET, notifications: [] }],
    deliver: async () => {},
  });
  onTestFinished(async () => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return server;
}

test("deletes 20,000 files in requests of 1,000, and continues where it stopped", {
  timeout: 90_000,
}, async () => {
  const server = await filledServer();
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.url,
  });
  const { removePrefix, s3, sizeOf } = await import("@rushes/core/storage");
  let deletions = 0;
  let stopAt = Number.POSITIVE_INFINITY;
  s3.middlewareStack.add((next, { commandName }) => async (args) => {
    if (commandName === "DeleteObjectsCommand") deletions += 1;
    const answer = await next(args);
    if (deletions === stopAt) vi.setSystemTime(LATER);
    return answer;
  });
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const LATER = Date.now() + 60_000;
  const folder = "media/job_1/";

  stopAt = 3;
  expect(await removePrefix(BUCKET, folder, Date.now() + 8_000)).toBe(false);
  expect(deletions).toBe(3);
  expect(await removePrefix(BUCKET, folder, Date.now())).toBe(false);
  expect(deletions).toBe(3);
  expect(await removePrefix(BUCKET, folder)).toBe(true);
  expect(deletions).toBe(FILES / 1000);
  expect(await removePrefix(BUCKET, "media/job_2/")).toBe(true);
  expect(deletions).toBe(FILES / 1000 + 1);
  expect(await sizeOf(BUCKET, "media/")).toBe(0);
});
