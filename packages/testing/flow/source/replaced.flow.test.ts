/** Another program replaces a source in the bucket: no job reads, encodes or deletes another job's bytes. */
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type * as UsageModule from "@rushes/core/usage/index";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { isBus, isObject } from "../../events.ts";
import { OWNER } from "../../owner.ts";
import { sampleVideo } from "../../sample-video.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let usage: typeof UsageModule;
let clip: Buffer;
let other: Buffer;

beforeAll(async () => {
  stack = await startStack();
  [core, usage] = await Promise.all([loadCore(), import("@rushes/core/usage/index")]);
  clip = await sampleVideo(stack.folder, "clip.mp4");
  other = await sampleVideo(stack.folder, "other.mp4", ["-vf", "hue=h=90", "-t", "0.5"]);
});
afterAll(() => stack.close());

const Bucket = "rushes-uploads";
const usedBytes = async () => (await usage.read(OWNER.ownerId)).bytes;
const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));
const retry = (id: string) => core.asOwner(() => core.job.retry(core.id(id)));

async function newest(name: string) {
  const { jobs } = await core.asOwner(() => core.job.list({ q: name }));
  const [first] = jobs.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  if (!first) throw new Error("There is no job.");
  return first;
}

async function finished(id: string) {
  await core.deliver(await stack.event(isBus("COMPLETE", id)));
  return details(id);
}

test("makes a new job when another program replaces an uploaded source, and keeps the old one playable", async () => {
  const files = [{ name: "film.mp4", sizeBytes: clip.length, contentType: "video/mp4" }];
  const [created] = await core.asOwner(() => core.upload.create({ files }));
  const [request] = created?.requests ?? [];
  if (!created?.upload || !request) throw new Error("The upload was rejected.");
  await fetch(request.url, { ...request, body: new Uint8Array(clip) });
  await core.deliver(await stack.event(isObject("source-created", created.upload.id)));
  const old = await newest("film");
  await finished(old.id);
  const before = await usedBytes();

  const event = await core.put(stack, old.source.key, other);
  await core.deliver(event);
  await core.deliver(event);
  const next = await newest("film");
  expect(next.id).not.toBe(old.id);
  expect(next).toMatchObject({ fileName: "film.mp4", ownerId: OWNER.ownerId });
  expect(await usedBytes()).toBe(before - clip.length + other.length);

  const { job, renditions, events } = await details(old.id);
  expect(job).toMatchObject({ status: "complete", source: { replaced: { jobId: next.id } } });
  expect(renditions).toHaveLength(4);
  expect(events.filter(({ type }) => type === "source.replaced")).toHaveLength(1);
  const playback = await core.asOwner(() => core.playback.create(core.id(old.id)));
  expect(playback.sourceDownloadUrl).toBeUndefined();
  for (const { url } of playback.renditions) expect((await fetch(url)).status).toBe(200);
  await expect(retry(old.id)).rejects.toMatchObject({ code: "job.source_replaced" });
  expect((await details(old.id)).renditions).toHaveLength(4);

  await core.asOwner(() => core.job.remove(core.id(old.id)));
  expect(await usedBytes()).toBe(other.length);
  expect((await finished(next.id)).job.status).toBe("complete");
  await core.asOwner(() => core.job.remove(core.id(next.id)));
  expect(await usedBytes()).toBe(0);
});

test("fails a job whose source is replaced during the encode, and encodes the new source", async () => {
  await core.deliver(await core.put(stack, "running.mp4", clip));
  const old = await newest("running");
  await core.deliver(await core.put(stack, "running.mp4", other));
  const next = await newest("running");
  expect(next.id).not.toBe(old.id);
  const { job } = await details(old.id);
  expect(job).toMatchObject({ status: "error", failure: { type: "source.replaced" } });
  await expect(retry(old.id)).rejects.toMatchObject({ code: "job.source_replaced" });
  expect((await finished(next.id)).job.source.media?.durationSeconds).toBeLessThan(0.6);
});

test("does not complete a job whose source was replaced before an event reported it", async () => {
  await core.deliver(await core.put(stack, "unseen.mp4", clip));
  const { id } = await newest("unseen");
  const ended = await stack.event(isBus("COMPLETE", id));
  await core.storage.s3.send(new PutObjectCommand({ Bucket, Key: "unseen.mp4", Body: other }));
  await core.deliver(ended);
  const { job } = await details(id);
  expect(job).toMatchObject({ status: "error", failure: { type: "source.replaced" } });
});

test("makes another job when the same bytes are written again, and keeps them when the older job is deleted", async () => {
  await core.deliver(await core.put(stack, "again.mp4", clip));
  const old = await newest("again");
  await finished(old.id);
  await core.deliver(await core.put(stack, "again.mp4", clip));
  const next = await newest("again");
  expect((await details(old.id)).job.source.replaced).toBeUndefined();
  await core.asOwner(() => core.job.remove(core.id(old.id)));
  await core.storage.s3.send(new HeadObjectCommand({ Bucket, Key: "again.mp4" }));
  await core.asOwner(() => core.job.remove(core.id(next.id)));
  const gone = core.storage.s3.send(new HeadObjectCommand({ Bucket, Key: "again.mp4" }));
  await expect(gone).rejects.toMatchObject({ name: "NotFound" });
});

test("rejects a retry after the source was replaced, even before an event reports it", async () => {
  await core.deliver(await core.put(stack, "early.mp4", clip));
  const { id } = await newest("early");
  await finished(id);
  await core.storage.s3.send(new PutObjectCommand({ Bucket, Key: "early.mp4", Body: other }));
  await expect(retry(id)).rejects.toMatchObject({ code: "job.source_replaced" });
  await core.storage.s3.send(new DeleteObjectCommand({ Bucket, Key: "early.mp4" }));
  await expect(retry(id)).rejects.toMatchObject({ code: "job.source_missing" });
  const { job, renditions } = await details(id);
  expect(job).toMatchObject({ status: "complete", attempt: 1 });
  expect(renditions).toHaveLength(4);
});
