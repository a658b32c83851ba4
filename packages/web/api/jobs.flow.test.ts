// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { POSTER } from "@rushes/core/rendition/preset";
import * as Table from "@rushes/core/table/index";
import { isBus } from "@rushes/testing/events";

import { change, dueNow, fill, jobRow, withSource } from "@rushes/testing/rows";
import { sampleVideo } from "@rushes/testing/sample-video";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, rejection, startApi } from "./testing/api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stack.close());

async function keys(bucket: string, prefix: string) {
  const listed = await api.core.storage.s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  return (listed.Contents ?? []).map(({ Key }) => Key);
}

test("retries a video from its source, and deletes it with all of its renditions", async () => {
  const clip = await sampleVideo(api.stack.folder, "clip.mp4");
  await api.core.deliver(await api.core.put(api.stack, "again.mp4", clip));
  const { id } = await api.core.only("again");
  const early = await api.call("POST", `/jobs/${id}/cancel`);
  expect(early).toMatchObject({ status: 202, body: { job: { status: "canceled" } } });
  const retried = await api.call("POST", `/jobs/${id}/retry`);
  expect(retried).toMatchObject({
    status: 202,
    body: { job: { attempt: 2, status: "submitted" } },
  });
  await api.core.deliver(await api.stack.event(isBus("COMPLETE", id)));
  // Three renditions, and the captures. One capture is the poster.
  const { body } = await api.call("GET", `/jobs/${id}`);
  expect(body.renditions).toHaveLength(4);
  const written = await keys("rushes-renditions", `media/${id}/2/`);
  expect(written).toHaveLength(3 + POSTER.captures);
  expect(written).toContain(body.job.posterKey);
  expect((await api.call("DELETE", `/jobs/${id}`)).status).toBe(204);
  expect(await keys("rushes-renditions", `media/${id}/`)).toEqual([]);
  expect(await keys("rushes-uploads", "again.mp4")).toEqual([]);
});

test("keeps an object that another program put in place of a deleted video's source", async () => {
  const body = Buffer.from("not a video");
  await api.core.deliver(await api.core.put(api.stack, "same.mp4", body));
  const { id } = await api.core.only("same");
  // Another tool has put a different object there in the meantime.
  const other = new PutObjectCommand({
    Bucket: "rushes-uploads",
    Key: "same.mp4",
    Body: "something else",
  });
  await api.core.storage.s3.send(other);
  expect((await api.call("DELETE", `/jobs/${id}`)).status).toBe(204);
  expect(await keys("rushes-uploads", "same.mp4")).toEqual(["same.mp4"]);
});

test("lists videos by status", async () => {
  const failed = jobRow({ title: "broken.mp4", status: "error" });
  await fill([failed, jobRow({ title: "fine.mp4" })]);
  const { body } = await api.call("GET", "/jobs?status=error");
  expect(body.jobs).toMatchObject([{ id: failed.id, status: "error" }]);
});

describe("jobs", () => {
  test("are listed in pages, by status, by words and sorted", async () => {
    const rows = Array.from({ length: 7 }, (_, at) =>
      jobRow({
        title: `Paging ${at}`,
        status: at < 3 ? "error" : "complete",
        created: Date.now() + at,
      }),
    );
    await fill(rows);
    const titles = async (query: string) => {
      const { status, body } = await api.call("GET", `/jobs?${query}`);
      expect(status).toBe(200);
      return { cursor: body.cursor, seen: body.jobs.map((one: { title: string }) => one.title) };
    };
    const first = await titles("q=paging&limit=4");
    expect(first.seen).toEqual(["Paging 6", "Paging 5", "Paging 4", "Paging 3"]);
    const next = await titles(`q=paging&limit=4&cursor=${first.cursor}`);
    expect(next).toEqual({ cursor: undefined, seen: ["Paging 2", "Paging 1", "Paging 0"] });
    expect((await titles("q=PAGING&status=error")).seen).toHaveLength(3);
    // The first search has started the creation of search rows, and the next ones read them.
    await change(Table.key.searchState("local"), dueNow("search", "local"));
    await api.core.reconcile();
    expect((await titles("q=paging")).seen).toHaveLength(7);
    expect((await titles("q=pag%203")).seen).toEqual([]);
    expect((await titles("q=3%20pag")).seen).toEqual(["Paging 3"]);
    const named = await titles("status=error&sort=name");
    expect(named.seen).toEqual(["broken.mp4", "Paging 0", "Paging 1", "Paging 2"]);
    expect((await titles("status=error&sort=oldest")).seen.at(-1)).toBe("Paging 2");
    const { body: sorted } = await api.call("GET", "/jobs?sort=color");
    expect(sorted.code).toBe("request.invalid");
    expect((await titles("limit=7")).seen[0]).toBe("Paging 6");
    const elsewhere = await api.call("GET", `/jobs?q=other&cursor=${first.cursor}`);
    expect(elsewhere).toMatchObject(rejection(400, "cursor.invalid"));
  });

  test("have tags, which filter the list and are words of the search", async () => {
    const [one, other] = [jobRow({ title: "Tagged 1" }), jobRow({ title: "Tagged 2" })];
    await fill([one, other]);
    const tag = (id: string, body: object) => api.call("PATCH", `/jobs/${id}`, body);
    const ids = async (query: string) => {
      const { body } = await api.call("GET", `/jobs?${query}`);
      return body.jobs.map(({ id }: { id: string }) => id);
    };
    const both = { title: "Tagged one", addTags: [" Zürich  2026 ", "zurich 2026", "draft"] };
    expect(await tag(one.id, both)).toMatchObject({
      status: 200,
      body: { job: { title: "Tagged one", tags: ["Zürich 2026", "draft"] } },
    });
    await tag(other.id, { addTags: ["Drafts"] });
    expect(await ids("tag=ZURICH%202026")).toEqual([one.id]);
    expect(await ids("tag=zurich")).toEqual([]);
    const counts = async () => (await api.call("GET", "/jobs/counts")).body.tags;
    expect(await counts()).toEqual([
      { tag: "draft", count: 1 },
      { tag: "Drafts", count: 1 },
      { tag: "Zürich 2026", count: 1 },
    ]);
    expect(await ids("tag=draft&q=tagged")).toEqual([one.id]);
    expect(await ids("tag=draft&q=other")).toEqual([]);
    expect(await ids("q=draf")).toEqual([one.id, other.id].sort().reverse());
    expect(await tag(one.id, { removeTags: ["DRAFT"] })).toMatchObject({
      body: { job: { title: "Tagged one", tags: ["Zürich 2026"] } },
    });
    expect(await ids("tag=draft")).toEqual([]);
    const ten = Array.from({ length: 10 }, (_, at) => `tag ${at}`);
    expect(await tag(one.id, { title: "No", addTags: ten })).toMatchObject(
      rejection(409, "job.tags"),
    );
    expect((await tag(other.id, { removeTags: ["drafts"], addTags: ten })).status).toBe(200);
    expect(await tag(one.id, { addTags: ["a".repeat(41)] })).toMatchObject(
      rejection(400, "request.invalid", /addTags/),
    );
    const { body } = await api.call("GET", `/jobs/${one.id}`);
    expect(body.job).toMatchObject({ title: "Tagged one", tags: ["Zürich 2026"] });
    // Of two changes at the same time, none is lost.
    await Promise.all(["x", "y", "z"].map((text) => tag(one.id, { addTags: [text] })));
    expect(await ids("tag=x&q=tagged")).toEqual([one.id]);
    expect(await ids("tag=y")).toEqual([one.id]);
    expect(await ids("tag=z")).toEqual([one.id]);
  });

  test("are followed from the time of a page, including deletions", async () => {
    const [kept, gone] = [jobRow({ title: "kept" }), jobRow({ title: "gone" })];
    await fill([kept, gone]);
    const { body: page } = await api.call("GET", "/jobs?limit=1");
    expect((await api.call("DELETE", `/jobs/${gone.id}`)).status).toBe(204);
    expect((await api.call("DELETE", `/jobs/${gone.id}`)).status).toBe(204);
    const renamed = await api.call("PATCH", `/jobs/${kept.id}`, { title: "  still here \n" });
    expect(renamed).toMatchObject({ status: 200, body: { job: { title: "still here" } } });
    const { body } = await api.call("GET", `/jobs?changedSince=${page.now}`);
    expect(body).toMatchObject({ more: false, nextSince: expect.any(String) });
    expect(body.changes).toContainEqual(
      expect.objectContaining({ type: "deleted", id: gone.id, time: expect.any(String) }),
    );
    expect(body.changes).toContainEqual({
      type: "job",
      job: expect.objectContaining({ id: kept.id, title: "still here" }),
    });
    expect(await api.call("GET", `/jobs/${gone.id}`)).toMatchObject(
      rejection(404, "job.not_found"),
    );
    const { body: details } = await api.call("GET", `/jobs/${kept.id}`);
    expect(details.events).toMatchObject([{ type: "job.renamed", detail: { from: "kept" } }]);
  });

  test.each([["   "], [""], ["a".repeat(201)], [7], [undefined]])(
    "keep their title if the new one is invalid: %j",
    async (title) => {
      const row = jobRow();
      await fill([row]);
      const answer = await api.call("PATCH", `/jobs/${row.id}`, { title });
      expect(answer).toMatchObject(rejection(400, "request.invalid", /title/));
    },
  );

  test("are deleted together, even if one is missing", async () => {
    const rows = [jobRow(), jobRow(), jobRow({ ownerId: "other" })];
    await fill(rows);
    const [a = "", b = "", others = ""] = rows.map((row) => row.id);
    const ids = [a, "nonsense", b, others, a];
    const { status, body } = await api.call("POST", "/jobs/delete", { ids });
    expect(status).toBe(200);
    expect(body.deleted.sort()).toEqual([a, b].sort());
    const failed = body.failed.sort((x: { id: string }, y: { id: string }) =>
      x.id < y.id ? -1 : 1,
    );
    const why = { code: "job.not_found", message: expect.any(String) };
    expect(failed).toEqual([
      { id: others, ...why },
      { id: "nonsense", ...why },
    ]);
    const invalid = rejection(400, "request.invalid", /ids/);
    expect(await api.call("POST", "/jobs/delete", { ids: [] })).toMatchObject(invalid);
    const many = Array.from({ length: 101 }, () => "x");
    expect(await api.call("POST", "/jobs/delete", { ids: many })).toMatchObject(invalid);
  });

  test("are retried if they have ended, and canceled once if they are in progress", async () => {
    const [ended, running] = [await withSource(jobRow()), jobRow({ status: "received" })];
    await fill([ended, running]);
    const retried = await api.call("POST", `/jobs/${ended.id}/retry`);
    expect(retried).toMatchObject({
      status: 202,
      body: { job: { attempt: 2, status: "rejected", failure: { type: "source.not_media" } } },
    });
    const gone = jobRow();
    await fill([gone]);
    const missing = await api.call("POST", `/jobs/${gone.id}/retry`);
    expect(missing).toMatchObject(rejection(409, "job.source_missing", /Upload the file again/));
    const early = await api.call("POST", `/jobs/${running.id}/retry`);
    expect(early).toMatchObject(rejection(409, "job.state", /still being processed/));
    const canceled = await api.call("POST", `/jobs/${running.id}/cancel`);
    expect(canceled).toMatchObject({ status: 202, body: { job: { status: "canceled" } } });
    const late = await api.call("POST", `/jobs/${running.id}/cancel`);
    expect(late).toMatchObject(rejection(409, "job.state", /no longer being processed/));
  });
});
