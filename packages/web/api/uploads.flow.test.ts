// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { isObject } from "@rushes/testing/events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, file, rejection, startApi } from "./testing/api.ts";

const MIB = 1024 ** 2;
/** It is sent in six parts. */
const LARGE_BYTES = 33 * MIB + 1;
const PART_BYTES = Math.ceil(LARGE_BYTES / 6);

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stack.close());

type Signed = { url: string; headers: Record<string, string>; partNumber: number };

/** Creates an upload, with its first requests. */
async function newUpload(fields: Parameters<typeof file>[0] = {}) {
  const { status, body } = await api.call("POST", "/uploads", { files: [file(fields)] });
  expect(status).toBe(201);
  const [{ upload, requests }] = body.results;
  return { id: String(upload.id), upload, requests: requests as Signed[] };
}

const send = (request: Signed | undefined, body: BodyInit) =>
  fetch(request?.url ?? "", { method: "PUT", headers: request?.headers, body });

describe("creating uploads", () => {
  test("takes a hundred files in one request, in their order", async () => {
    const files = Array.from({ length: 100 }, (_, at) => file({ name: `${at}.mp4` }));
    const { status, body } = await api.call("POST", "/uploads", { files });
    expect(status).toBe(201);
    const names = body.results.map((one: { upload: { fileName: string } }) => one.upload.fileName);
    expect(names).toEqual(files.map((one) => one.name));
  });

  test("rejects more than a hundred files and none, and names the field", async () => {
    const files = Array.from({ length: 101 }, () => file());
    const invalid = rejection(400, "request.invalid", /files/);
    expect(await api.call("POST", "/uploads", { files })).toMatchObject(invalid);
    expect(await api.call("POST", "/uploads", { files: [] })).toMatchObject(invalid);
  });

  test("accepts the other files if one is rejected", async () => {
    const files = [file({ sizeBytes: 0 }), file(), file({ sizeBytes: 11 * 1024 ** 3 })];
    const { status, body } = await api.call("POST", "/uploads", { files });
    expect(status).toBe(201);
    expect(body.results).toMatchObject([
      { error: { code: "upload.empty" } },
      { upload: { status: "open", plan: { kind: "single" } }, requests: [{ method: "PUT" }] },
      { error: { code: "upload.too_large", message: expect.stringContaining("10.7 GB") } },
    ]);
  });

  test.each([
    ["a size that is no whole number", { sizeBytes: 1.5 }, /files\.0\.sizeBytes/],
    ["a size below zero", { sizeBytes: -1 }, /files\.0\.sizeBytes/],
    ["no name", { name: "" }, /files\.0\.name/],
    ["a type that would break the header", { contentType: "a\r\nb: c" }, /files\.0\.contentType/],
  ])("rejects %s", async (_, fields, message) => {
    const answer = await api.call("POST", "/uploads", { files: [file(fields)] });
    expect(answer).toMatchObject(rejection(400, "request.invalid", message));
  });
});

describe("an upload with a single request", () => {
  test("is completed by the S3 event, and then has a job", async () => {
    const { id, requests } = await newUpload({ name: "note.mp4" });
    const early = await api.call("POST", `/uploads/${id}/complete`);
    expect(early).toMatchObject(rejection(409, "upload.incomplete"));

    expect((await send(requests[0], "hello")).status).toBe(200);
    const asked = await api.call("POST", `/uploads/${id}/complete`);
    expect(asked).toMatchObject({ status: 202, body: { upload: { id, status: "completing" } } });

    await api.core.deliver(await api.stack.event(isObject("source-created", id)));
    const { body } = await api.call("GET", `/uploads/${id}`);
    expect(body.upload).toMatchObject({ status: "completed", jobId: expect.any(String) });
    const job = await api.call("GET", `/jobs/${body.upload.jobId}`);
    expect(job.body).toMatchObject({ job: { uploadId: id, status: "rejected" }, renditions: [] });
    expect(job.body.job.failureMessage).toMatch(/not a video/);

    const again = await api.call("POST", `/uploads/${id}/complete`);
    expect(again).toMatchObject({ status: 202, body: { upload: { status: "completed" } } });
    const closed = rejection(409, "upload.closed");
    expect(await api.call("DELETE", `/uploads/${id}`)).toMatchObject(closed);
    expect(await api.call("POST", `/uploads/${id}/sign`, {})).toMatchObject(closed);
  });

  test("can change neither its length nor a signed header", async () => {
    const { id, requests } = await newUpload();
    const [first] = requests;
    expect((await send(first, "hello and more")).status).toBe(403);
    const other = { ...first, headers: { "content-type": "text/html" } } as Signed;
    expect((await send(other, "hello")).status).toBe(403);
    for (const name of Object.keys(first?.headers ?? {})) {
      const { [name]: _, ...headers } = first?.headers ?? {};
      expect((await send({ ...first, headers } as Signed, "hello")).status).toBe(403);
    }
    const signed = await api.call("POST", `/uploads/${id}/sign`, {});
    expect((await send(signed.body.requests[0], "hello")).status).toBe(200);
  });
});

describe("an upload in parts", () => {
  test("continues from the parts that arrived, signed in batches", async () => {
    const { id, upload, requests } = await newUpload({ name: "big.mp4", sizeBytes: LARGE_BYTES });
    expect(upload.plan).toEqual({ kind: "multipart", partSizeBytes: PART_BYTES, partCount: 6 });
    expect(requests.map((one) => one.partNumber)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const request of requests.slice(0, 4)) {
      expect((await send(request, new Uint8Array(PART_BYTES))).status).toBe(200);
    }

    const { body: some } = await api.call("GET", `/uploads/${id}/parts`);
    expect(some.parts).toMatchObject(
      [1, 2, 3, 4].map((partNumber) => ({ partNumber, sizeBytes: PART_BYTES })),
    );
    const missing = rejection(409, "upload.incomplete", /2 of 6 parts/);
    expect(await api.call("POST", `/uploads/${id}/complete`)).toMatchObject(missing);

    const batch = await api.call("POST", `/uploads/${id}/sign`, { partNumbers: [5, 6] });
    const [fifth, sixth] = batch.body.requests;
    expect([fifth.sizeBytes, sixth.sizeBytes]).toEqual([PART_BYTES, LARGE_BYTES - 5 * PART_BYTES]);
    expect((await send(sixth, new Uint8Array(sixth.sizeBytes + 1))).status).toBe(403);
    const sent = await Promise.all([
      send(fifth, new Uint8Array(fifth.sizeBytes)),
      send(sixth, new Uint8Array(sixth.sizeBytes)),
    ]);
    expect(sent.map((one) => one.status)).toEqual([200, 200]);
    const asked = await api.call("POST", `/uploads/${id}/complete`);
    expect(asked).toMatchObject({ status: 202, body: { upload: { status: "completing" } } });
    await api.core.deliver(await api.stack.event(isObject("source-created", id)));
    const { body } = await api.call("GET", `/uploads/${id}`);
    expect(body.upload.status).toBe("completed");
  });

  test("signs only parts of its plan, a hundred at a time", async () => {
    const { id } = await newUpload({ sizeBytes: LARGE_BYTES });
    const sign = (partNumbers: unknown) => api.call("POST", `/uploads/${id}/sign`, { partNumbers });
    expect(await sign([7])).toMatchObject(
      rejection(400, "upload.part_unknown", /Part 7 does not exist/),
    );
    const invalid = rejection(400, "request.invalid", /partNumbers/);
    for (const wrong of [[], [0], [10_001], [1.5], ["1"], 1, Array(101).fill(1)]) {
      expect(await sign(wrong)).toMatchObject(invalid);
    }
  });

  test("is listed page by page, newest first, each once", async () => {
    const started = [];
    for (let n = 0; n < 3; n += 1) started.unshift((await newUpload({ sizeBytes: MIB })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const after = cursor === undefined ? "" : `&cursor=${cursor}`;
      const { status, body } = await api.call("GET", `/uploads?status=open&limit=2${after}`);
      expect(status).toBe(200);
      expect(body.uploads.length).toBeLessThanOrEqual(2);
      seen.push(...body.uploads.map(({ id }: { id: string }) => id));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen.slice(0, 3)).toEqual(started);
    expect(new Set(seen).size).toBe(seen.length);
    const other = await api.call("GET", "/uploads?status=open&limit=2");
    const elsewhere = `/uploads?status=completed&cursor=${other.body.cursor}`;
    expect(await api.call("GET", elsewhere)).toMatchObject(rejection(400, "cursor.invalid"));
  });

  test("is aborted with its parts", async () => {
    const { id, requests } = await newUpload({ sizeBytes: LARGE_BYTES });
    await send(requests[2], new Uint8Array(PART_BYTES));
    const open = async () => {
      const { body } = await api.call("GET", "/uploads?status=open");
      return body.uploads.map((one: { id: string }) => one.id);
    };
    expect(await open()).toContain(id);
    expect((await api.call("DELETE", `/uploads/${id}`)).status).toBe(204);
    expect((await api.call("DELETE", `/uploads/${id}`)).status).toBe(204);
    expect(await open()).not.toContain(id);
    expect((await api.call("GET", `/uploads/${id}/parts`)).body.parts).toEqual([]);
    expect((await send(requests[2], new Uint8Array(PART_BYTES))).status).toBe(404);
    const closed = rejection(409, "upload.closed");
    expect(await api.call("POST", `/uploads/${id}/complete`)).toMatchObject(closed);
  });
});
