// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as Id from "@rushes/core/id";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, rejection, startApi, UNKNOWN } from "./testing/api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stack.close());

const SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello <i>there</i>\r\n";
const VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello <i>there</i>\n";

async function newVideo(): Promise<string> {
  const row = await withSource(jobRow());
  await fill([row]);
  return row.id;
}

const add = (id: string, body: BodyInit = SRT, query = "language=en", type = "text/vtt") =>
  api.raw(`/jobs/${id}/captions?${query}`, {
    method: "POST",
    body,
    headers: { "content-type": type, "content-length": String(new Blob([body as string]).size) },
  });

const listOf = async (id: string) => (await api.call("GET", `/jobs/${id}/captions`)).body.captions;

async function files(id: string) {
  const input = { Bucket: "rushes-renditions", Prefix: `media/${id}/` };
  const { Contents = [] } = await api.core.storage.s3.send(new ListObjectsV2Command(input));
  return Contents.map(({ Key = "" }) => Key);
}

const usedBytes = async () => (await api.call("GET", "/account")).body.usage.bytes;

describe("captions", () => {
  test("are added as WebVTT, listed, renamed and removed", async () => {
    const id = await newVideo();
    const added = await add(id, SRT, "language=pt-br", "application/x-subrip");
    expect(added).toMatchObject({
      status: 201,
      body: { captions: { language: "pt-BR", name: "português (Brasil)", cues: 1 } },
    });
    const { id: captions } = added.body.captions;
    const [key = ""] = await files(id);
    const stored = await api.core.storage.s3.send(
      new GetObjectCommand({ Bucket: "rushes-renditions", Key: key }),
    );
    expect(stored.ContentType).toBe("text/vtt; charset=utf-8");
    expect(await stored.Body?.transformToString()).toBe(VTT);

    const second = await add(id, VTT, `language=en&name=${encodeURIComponent(" For the deaf ")}`);
    expect(second.body.captions).toMatchObject({ language: "en", name: "For the deaf" });
    const changes = { language: "de", name: "Deutsch" };
    const renamed = await api.call("PATCH", `/jobs/${id}/captions/${captions}`, changes);
    expect(renamed).toMatchObject({
      status: 200,
      body: { captions: { id: captions, ...changes } },
    });
    expect(await listOf(id)).toMatchObject([
      { id: captions, ...changes },
      { id: second.body.captions.id },
    ]);

    expect((await api.call("DELETE", `/jobs/${id}/captions/${captions}`)).status).toBe(204);
    expect(await listOf(id)).toMatchObject([{ id: second.body.captions.id }]);
    expect(await files(id)).toEqual([expect.stringContaining(second.body.captions.id)]);
    const again = await api.call("DELETE", `/jobs/${id}/captions/${captions}`);
    expect(again).toMatchObject(rejection(404, "captions.not_found"));
  });

  test("stay when the video is encoded again, count as usage, and are deleted with it", async () => {
    const id = await newVideo();
    const before = await usedBytes();
    await add(id);
    const removed = await add(id);
    expect(await usedBytes()).toBe(before + 2 * VTT.length);
    await api.call("DELETE", `/jobs/${id}/captions/${removed.body.captions.id}`);
    expect(await usedBytes()).toBe(before + VTT.length);
    expect((await api.call("POST", `/jobs/${id}/retry`)).status).toBe(202);
    expect(await listOf(id)).toHaveLength(1);
    expect(await files(id)).toHaveLength(1);
    expect((await api.call("DELETE", `/jobs/${id}`)).status).toBe(204);
    expect(await files(id)).toEqual([]);
    // The bytes of the row's source were never counted, so they are only subtracted.
    expect(await usedBytes()).toBe(Math.max(0, before - 1_000_000));
  });

  test("are part of what the owner's and a visitor's player gets", async () => {
    const id = await newVideo();
    expect((await api.call("GET", `/jobs/${id}/playback`)).body.captions).toBeUndefined();
    const { captions } = (await add(id, SRT, "language=en&name=English")).body;
    const offer = { id: captions.id, language: "en", name: "English" };
    const { body: played } = await api.call("GET", `/jobs/${id}/playback`);
    expect(played.captions).toEqual([{ ...offer, url: expect.any(String) }]);
    const { body: shared } = await api.call("POST", `/jobs/${id}/shares`, {});
    const address = shared.share.url.split("/").at(-1);
    const { body: opened } = await api.call("POST", `/watch/${address}`, {});
    expect(opened.playback.captions).toEqual([{ ...offer, url: expect.any(String) }]);
    for (const { url } of [...played.captions, ...opened.playback.captions]) {
      expect(new URL(url).pathname).toMatch(new RegExp(`/media/${id}/captions/cap_\\w+\\.vtt$`));
    }
  });

  test("are recorded in the audit log", async () => {
    const id = await newVideo();
    const { body } = await add(id);
    await api.call("PATCH", `/jobs/${id}/captions/${body.captions.id}`, { name: "English" });
    await api.call("DELETE", `/jobs/${id}/captions/${body.captions.id}`);
    const day = api.core.table.key.audit(new Date().toISOString(), "").pk;
    const rows = await api.core.table.queryAll({ partition: day });
    expect(rows.filter(({ target }) => target === id).map(({ action }) => action)).toEqual([
      "captions.added",
      "captions.changed",
      "captions.removed",
    ]);
  });

  test("are limited to fifty for one video", async () => {
    const id = await newVideo();
    const { key } = api.core.table;
    const { captions } = (await add(id)).body;
    const more = Array.from({ length: 49 }, () => Id.create.captions());
    await fill(more.map((one) => ({ ...captions, ...key.captions(id, one), id: one })));
    expect(await add(id)).toMatchObject(rejection(409, "captions.too_many", /maximum of 50/));
  });
});

describe("a request is rejected", () => {
  test("with the number of the invalid line, and nothing is stored", async () => {
    const id = await newVideo();
    const answer = await add(id, SRT.replace("02,500", "00,500"));
    const message = /^Line 2: the caption ends before it starts\.$/;
    expect(answer).toMatchObject(rejection(400, "captions.invalid", message));
    expect(await files(id)).toEqual([]);
  });

  test.each([
    "",
    "language=",
    "language=english",
    "language=e",
    "language=en_US",
    "language=en&name=",
  ])("for the query '%s'", async (query) => {
    const answer = await add(await newVideo(), SRT, query);
    expect(answer).toMatchObject(rejection(400, "request.invalid", /language|name/));
  });

  test("for other types of bodies, and above one megabyte", async () => {
    const id = await newVideo();
    for (const type of ["application/json", "text/plain", "multipart/form-data"]) {
      const answer = await add(id, SRT, "language=en", type);
      expect(answer).toMatchObject(rejection(400, "request.type", /text\/vtt/));
    }
    const large = await add(id, `${SRT}${"\n".repeat(1_000_000)}`);
    expect(large).toMatchObject(rejection(413, "request.too_large", /1 MB/));
  });

  test("for a video or captions that do not exist", async () => {
    const id = await newVideo();
    const none = `job_${UNKNOWN}`;
    expect(await add(none)).toMatchObject(rejection(404, "job.not_found"));
    for (const captions of [`cap_${UNKNOWN}`, "cap_1"]) {
      for (const [method, body] of [["PATCH", { name: "x" }], ["DELETE"]] as const) {
        const answer = await api.call(method, `/jobs/${id}/captions/${captions}`, body);
        expect(answer).toMatchObject(rejection(404, "captions.not_found"));
      }
    }
    const other = (await add(id)).body.captions.id;
    const elsewhere = await api.call("DELETE", `/jobs/${await newVideo()}/captions/${other}`);
    expect(elsewhere).toMatchObject(rejection(404, "captions.not_found"));
  });
});
