// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { jobRow } from "@rushes/testing/rows";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, file, startApi } from "./testing/api.ts";

const SIZE = 123_456;
const CHECKSUM = "AAAAAAAAAAA=";
const OTHER = "AAAAAAAAAAE=";

let api: Api;
let jobId: string;

/** Stores a video of the file `take.mp4`, with these differences. */
async function store(
  fields: Parameters<typeof jobRow>[0] = {},
  more: Record<string, unknown> = {},
) {
  const { measureRows } = await import("@rushes/core/job/measure");
  const row = jobRow({ title: "Take", sizeBytes: SIZE, ...fields });
  const stored = {
    ...row,
    fileName: "take.mp4",
    fingerprint: "browser 1",
    profile: "original",
    ...more,
    source: { ...row.source, checksum: `crc64nvme:${CHECKSUM}` },
  };
  const { table } = api.core;
  await table.transact([stored, ...measureRows(row)].map((one) => table.put(one)));
  return row.id;
}

const take = {
  ...{ ...file({ name: "take.mp4", sizeBytes: SIZE }), fingerprint: "browser 1" },
  ...{ profile: "original", onlyNew: true },
};

/** The video that the API names for the file, and what is the same. Undefined if it starts an upload. */
async function existing(fields: Record<string, unknown>, headers?: Record<string, string>) {
  const { body } = await api.call("POST", "/uploads", { files: [{ ...take, ...fields }] }, headers);
  const [result] = body.results;
  expect(result).toHaveProperty("upload" in result ? "upload" : "existing");
  return result.existing && [result.existing.jobId, result.existing.same];
}

beforeAll(async () => {
  api = await startApi();
  jobId = await store();
});
afterAll(() => api.stack.close());

test("names the video of the same name, size and time, without a checksum", async () => {
  expect(await existing({})).toEqual([jobId, "file"]);
});

test("names the video of the same checksum, under any name", async () => {
  const renamed = { name: "copy.mp4", fingerprint: undefined, crc64nvme: CHECKSUM };
  expect(await existing(renamed)).toEqual([jobId, "checksum"]);
});

test("asks for the checksum if only the size is known to be the same", async () => {
  const renamed = { name: "copy.mp4" };
  expect(await existing(renamed)).toEqual([jobId, "size"]);
  expect(await existing({ ...renamed, crc64nvme: OTHER })).toBeUndefined();
});

test.each([
  ["another size", { sizeBytes: SIZE + 1, crc64nvme: CHECKSUM }],
  ["another profile", { profile: "web" }],
  ["no wish to be new", { onlyNew: false }],
])("starts an upload of a file with %s", async (_, fields) => {
  expect(await existing(fields)).toBeUndefined();
});

test.each([
  ["failed", { status: "error" as const }, {}],
  ["was rejected", { status: "rejected" as const }, {}],
  ["is another user's", { ownerId: "own_other" }, {}],
  ["was deleted", {}, { status: "deleted", looks: 0, time: { deleted: new Date().toISOString() } }],
  [
    "has lost its source",
    {},
    { replaced: { time: new Date().toISOString(), jobId: `job_${"0".repeat(26)}` } },
  ],
])("starts an upload if the video %s", async (_, fields, more) => {
  const sizeBytes = SIZE + 2;
  const { replaced, ...changed } = more as Record<string, unknown>;
  const id = await store({ ...fields, sizeBytes }, changed);
  if (replaced) {
    const { table } = api.core;
    await table.apply(
      table.update({ key: table.key.job(id), set: { "source.replaced": replaced } }),
    );
  }
  expect(await existing({ sizeBytes })).toBeUndefined();
});

test("continues an upload that its client has begun, although a video of the file exists by now", async () => {
  const sizeBytes = SIZE + 3;
  const key = { "idempotency-key": "begun" };
  expect(await existing({ sizeBytes }, key)).toBeUndefined();
  const id = await store({ sizeBytes });
  expect(await existing({ sizeBytes }, key)).toBeUndefined();
  expect(await existing({ sizeBytes }, { "idempotency-key": "another" })).toEqual([id, "file"]);
});

test("reserves nothing for a file that is a video already", async () => {
  const usage = async () => (await api.call("GET", "/account")).body.usage;
  const before = await usage();
  await existing({});
  expect(await usage()).toEqual(before);
});
