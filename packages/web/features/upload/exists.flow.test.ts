/** Tests the engine, the API and a real S3 with a single PUT that finds an object at its URL. */
// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { crc64Of } from "@rushes/core/transfer/crc64-of";
import { storageOutcome } from "@rushes/core/transfer/outcome";
import { createPolls, createPool } from "@rushes/core/transfer/pool";
import type { Put } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { loadCore } from "@rushes/testing/core";
import { isObject } from "@rushes/testing/events";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createEngine } from "./engine.ts";
import { api } from "./http.ts";

const SITE = "http://127.0.0.1:3000";
const { signal } = new AbortController();
let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("../../api/app.ts").app;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ app } = await import("../../api/app.ts"));
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (input: string, init?: RequestInit) =>
    input.startsWith("/") ? app.request(`${SITE}${input}`, init) : fetch(input, init),
  );
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await stack.close();
});

/** Sends the request as a browser does, without XMLHttpRequest. */
const send: Put = async ({ url, method, headers }, body) => {
  const answer = await fetch(url, { method, headers, body: await body.arrayBuffer() });
  if (answer.ok) return;
  const text = await answer.text();
  throw new UploadError(storageOutcome({ status: answer.status, text }, Date.now()));
};

/** Resolves with the file's final state in the engine, and the ID of its upload. */
async function upload(file: File, put: Put) {
  let id = "";
  const pause = async () => {};
  const engine = createEngine({
    api: {
      ...api,
      create: async (...given) => {
        const results = await api.create(...given);
        const [result] = results;
        if (result && "upload" in result) id = result.upload.id;
        return results;
      },
      // The pipeline's event can arrive at any time. Here it arrives once the engine waits for it.
      fromId: async (...given) => {
        await core.deliver(await stack.event(isObject("source-created", id)));
        return api.fromId(...given);
      },
    },
    hash: (bytes) => crc64Of(bytes),
    smallBytes: 32,
    ...{
      put,
      pool: createPool(),
      polls: createPolls(),
      random: Math.random,
      now: Date.now,
      sleep: pause,
    },
    network: { online: () => true, back: pause },
    session: { back: pause },
    every: () => () => {},
    after: (_ms, task) => queueMicrotask(task),
    nextTask: () => new Promise((resolve) => setImmediate(resolve)),
    profile: () => undefined,
  });
  const ended = new Promise<void>((resolve) => {
    engine.subscribe(() => {
      const [one] = engine.state().files;
      if (one?.status === "done" || one?.status === "failed") resolve();
    });
  });
  engine.add([file]);
  await ended;
  return { id, file: engine.state().files[0] };
}

test("a file whose answer was lost ends well, because its checksum is the object's", async () => {
  const statuses: string[] = [];
  const put = vi.fn<Put>(async (...given) => {
    try {
      await send(...given);
      statuses.push("stored");
    } catch (error) {
      if (error instanceof UploadError) statuses.push(error.outcome.type);
      throw error;
    }
    throw new UploadError({ type: "retry" });
  });
  const { file } = await upload(new File(["what was sent"], "lost.mp4"), put);
  expect(file).toMatchObject({ status: "done", jobId: expect.any(String) });
  expect(statuses).toEqual(["stored", "exists"]);
});

test.each([
  ["with slashes and dots", "card/../../etc/passwd.mp4", "passwd.mp4"],
  ["of dots", "..", "__"],
  ["with control characters", "a\u0000b\r\nc.mp4", "a_b__c.mp4"],
  ["of 1,000 characters", `${"a".repeat(996)}.mp4`, `${"a".repeat(200)}.mp4`],
  ["with a right-to-left override", "holiday\u202e4pm.gpj", "holiday\u202e4pm.gpj"],
])("a file whose name is %s becomes a job, under a key of its upload", async (_, name, key) => {
  const { id, file } = await upload(new File(["no video"], name), send);
  expect(file).toMatchObject({ status: "done", jobId: expect.any(String) });
  const stored = { bucket: "rushes-uploads", key: `${id}/${key}` };
  expect(await core.storage.headOf(stored)).toMatchObject({ ContentLength: 8 });
  const jobId = core.id((file && "jobId" in file && file.jobId) || "");
  const { job } = await core.asOwner(() => core.job.details(jobId));
  expect(job.fileName).toBe(name);
  expect(job.title).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
});

test("S3 rejects bytes that changed on the way, and the file is sent again", async () => {
  const statuses: string[] = [];
  const put: Put = async (request, body, options) => {
    try {
      const text = await body.text();
      await send(request, statuses.length > 0 ? body : new Blob([text.replace("w", "v")]), options);
      statuses.push("stored");
    } catch (error) {
      if (error instanceof UploadError) statuses.push(JSON.stringify(error.outcome));
      throw error;
    }
  };
  const { id, file } = await upload(new File(["what was sent"], "flipped.mp4"), put);
  expect(file).toMatchObject({ status: "done" });
  expect(statuses).toEqual(['{"type":"retry","damaged":true}', "stored"]);
  const head = await core.storage.headOf(
    { bucket: "rushes-uploads", key: `${id}/flipped.mp4` },
    "ENABLED",
  );
  expect(head?.ChecksumCRC64NVME).toBe(await crc64Of(new Blob(["what was sent"])));
});

/** Puts another tool's object at the URL of the upload, just before the file itself is sent. */
const afterForeign =
  (checksum: { ChecksumAlgorithm?: "CRC32" | "CRC64NVME" }, text: string): Put =>
  async (request, ...given) => {
    const [, Bucket = "", ...key] = new URL(request.url).pathname.split("/");
    const Key = decodeURIComponent(key.join("/"));
    const object = { Bucket, Key, Body: text, ...checksum };
    await core.storage.s3.send(new PutObjectCommand(object));
    await send(request, ...given);
  };

test.each([{ ChecksumAlgorithm: "CRC32" as const }, { ChecksumAlgorithm: "CRC64NVME" as const }])(
  "another file of the same size is not taken for the one that was sent ($ChecksumAlgorithm)",
  async (checksum) => {
    const mine = new File(["what was sent"], "foreign.mp4");
    const { file } = await upload(mine, afterForeign(checksum, "what it is!!!"));
    expect(file).toMatchObject({
      status: "failed",
      problem: { type: "refused", message: expect.stringContaining("a different file") },
    });
  },
);

test("the API compares also once the other file has become a job, and ignores what is not there", async () => {
  const [mine, other] = [await crc64Of(new Blob(["mine"])), "AAAAAAAAAAA="];
  const body = { sizeBytes: 4, name: "late.mp4", contentType: "video/mp4", crc64nvme: mine };
  const [created] = await api.create([body], "key-of-late", signal);
  if (!created || !("upload" in created)) throw new Error("No upload was created.");
  const { id } = created.upload;
  await expect(api.complete(id, mine, signal)).rejects.toMatchObject({
    outcome: { type: "incomplete" },
  });
  await send(created.requests[0] ?? fail(), new Blob(["mine"]), { signal, onProgress() {} });
  await core.deliver(await stack.event(isObject("source-created", id)));
  expect(await api.complete(id, mine, signal)).toMatchObject({ status: "completed" });
  await expect(api.complete(id, other, signal)).rejects.toMatchObject({
    outcome: { type: "fail", problem: { message: expect.stringContaining("a different file") } },
  });
  await expect(api.complete(id, "not base64", signal)).rejects.toThrow(/crc64nvme/);
});

function fail(): never {
  throw new Error("There is no request.");
}
