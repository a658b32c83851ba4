// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { JPEG } from "@rushes/testing/jpeg";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, rejection, startApi, UNKNOWN } from "./testing/api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stack.close());

async function newVideo(): Promise<string> {
  const row = await withSource(jobRow());
  await fill([row]);
  return row.id;
}

const choose = (id: string, body: Uint8Array<ArrayBuffer> | string = JPEG, type = "image/jpeg") =>
  api.raw(`/jobs/${id}/poster`, {
    method: "PUT",
    body,
    headers: { "content-type": type, "content-length": String(body.length) },
  });

const bucket = "rushes-renditions";
async function files(id: string): Promise<string[]> {
  const input = { Bucket: bucket, Prefix: `media/${id}/posters/` };
  const { Contents = [] } = await api.core.storage.s3.send(new ListObjectsV2Command(input));
  return Contents.map(({ Key = "" }) => Key);
}

const usedBytes = async () => (await api.call("GET", "/account")).body.usage.bytes;
const pathOf = (url: string) => new URL(url).pathname.slice(1);

test("a chosen poster is shown in the list, on the page and to visitors, until it is reset", async () => {
  const id = await newVideo();
  const { body } = await choose(id);
  const [key = ""] = await files(id);
  expect(body.job.chosenPoster).toEqual({ key, sizeBytes: JPEG.length });
  const stored = await api.core.storage.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  expect(stored.ContentType).toBe("image/jpeg");
  expect(Buffer.from((await stored.Body?.transformToByteArray()) ?? [])).toEqual(JPEG);

  const { body: shared } = await api.call("POST", `/jobs/${id}/shares`, {});
  const address = shared.share.url.split("/").at(-1);
  const shown = async () => {
    const answers = await Promise.all([
      api.call("GET", `/jobs/${id}`).then((answer) => answer.body.job),
      api
        .call("GET", "/jobs")
        .then(({ body: { jobs } }) => jobs.find((job: { id: string }) => job.id === id)),
      api.call("GET", `/jobs/${id}/playback`).then((answer) => answer.body),
      api.call("POST", `/watch/${address}`, {}).then((answer) => answer.body.playback),
    ]);
    return answers.map(({ posterUrl }) => pathOf(posterUrl));
  };
  expect(await shown()).toEqual(Array(4).fill(key));

  const reset = await api.call("DELETE", `/jobs/${id}/poster`);
  expect(reset.body.job.chosenPoster).toBeUndefined();
  expect(await files(id)).toEqual([]);
  const made = `media/${id}/1/clip/clip-poster.0000000.jpg`;
  expect(await shown()).toEqual(Array(4).fill(made));
  expect((await api.call("DELETE", `/jobs/${id}/poster`)).status).toBe(200);
});

test("a poster replaces the one before, counts as usage, stays in a retry, and is deleted with its video", async () => {
  const id = await newVideo();
  const before = await usedBytes();
  const twice = await Promise.all([choose(id), choose(id)]);
  expect(twice.map(({ status }) => status)).toEqual([200, 200]);
  expect(await files(id)).toHaveLength(1);
  expect(await usedBytes()).toBe(before + JPEG.length);
  const retried = await api.call("POST", `/jobs/${id}/retry`);
  expect(retried.body.job).toMatchObject({
    attempt: 2,
    posterUrl: expect.stringContaining("/posters/"),
  });
  expect((await api.call("DELETE", `/jobs/${id}`)).status).toBe(204);
  expect(await files(id)).toEqual([]);
  // The bytes of the row's source were never counted, so they are only subtracted.
  expect(await usedBytes()).toBe(Math.max(0, before - 1_000_000));
});

test("a picture that was stored before a crash, and never chosen, is deleted with its video", async () => {
  const id = await newVideo();
  const Key = `media/${id}/posters/5e1fbf64-7f2c-4b0e-8c3a-0a4d0a2f9f11.jpg`;
  await api.core.storage.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JPEG }));
  expect(await files(id)).toEqual([Key]);
  expect((await api.call("DELETE", `/jobs/${id}`)).status).toBe(204);
  expect(await files(id)).toEqual([]);
});

test("the audit log records each choice", async () => {
  const id = await newVideo();
  await choose(id);
  await api.call("DELETE", `/jobs/${id}/poster`);
  const day = api.core.table.key.audit(new Date().toISOString(), "").pk;
  const rows = await api.core.table.queryAll({ partition: day });
  expect(rows.filter(({ target }) => target === id).map(({ action }) => action)).toEqual([
    "poster.chosen",
    "poster.reset",
  ]);
});

test("other bodies are rejected, and nothing is stored", async () => {
  const id = await newVideo();
  expect(await choose(id, "<html>")).toMatchObject(rejection(400, "poster.invalid", /JPEG/));
  for (const type of ["application/json", "image/png", "text/html"]) {
    const answer = await choose(id, JPEG, type);
    expect(answer).toMatchObject(rejection(400, "request.type", /image\/jpeg/));
  }
  const large = new Uint8Array(1_000_001);
  expect(await choose(id, large)).toMatchObject(rejection(413, "request.too_large", /1 MB/));
  expect(await choose(`job_${UNKNOWN}`)).toMatchObject(rejection(404, "job.not_found"));
  expect(await files(id)).toEqual([]);
});
