// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { loadCore } from "@rushes/testing/core";
import { type EmittedEvent, isBus } from "@rushes/testing/events";
import { fill, jobRow } from "@rushes/testing/rows";
import { sampleVideo } from "@rushes/testing/sample-video";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advice } from "../features/jobs/failure-view.ts";
import { stepSentence } from "../features/jobs/timeline-view.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;
beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ app } = await import("./app.ts"));
});
afterAll(() => stack.close());

/** Text that only the logs may contain: signatures, memory addresses, paths, ffmpeg's output. */
const RAW =
  /X-Amz-|[?&]Signature=|\b0x[0-9a-f]{6,}|\/(?:tmp|var|root|usr|proc)\/|ffmpeg|\[mov,|@ 0x/i;

async function get(path: string) {
  const response = await app.request(`http://127.0.0.1:3000/api${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

const H264 = ["-c:v", "libx264", "-preset", "ultrafast"];

/** Files that cannot be transcoded, each for another reason. */
async function sources(): Promise<Record<string, Uint8Array>> {
  const whole = await sampleVideo(stack.folder, "whole.mp4", [
    ...H264,
    "-c:a",
    "aac",
    "-movflags",
    "+faststart",
  ]);
  const noise = Buffer.from(whole);
  // The index stays intact; the video and audio data do not.
  noise.fill(0x5a, noise.indexOf("mdat") + 4);
  return {
    "text.mp4": Buffer.from("#EXTM3U\n/etc/passwd\n"),
    "cut.mp4": whole.subarray(0, Math.floor(whole.length / 2)),
    "noise.mp4": noise,
    "sound.mov": await sampleVideo(stack.folder, "sound.mov", ["-vn", "-c:a", "dfpwm"]),
    "unlisted.avi": await sampleVideo(stack.folder, "unlisted.avi", ["-c:v", "asv1", "-an"]),
    "unlisted.mov": await sampleVideo(stack.folder, "unlisted.mov", [...H264, "-c:a", "dfpwm"]),
  };
}

/** Delivers the encoder's events until the job ends. */
async function follow(id: string): Promise<void> {
  const isEnd = (one: EmittedEvent) => isBus("ERROR", id)(one) || isBus("COMPLETE", id)(one);
  const { job } = await get(`/jobs/${id}`);
  if (job.status === "submitted") await core.deliver(await stack.event(isEnd));
  await core.notify(id);
}

/** The text of the mails. */
async function mails(): Promise<string> {
  const folder = join(stack.folder, "mail");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".eml"));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts
    .map((text) => {
      const printable = text
        .replaceAll(/=\r?\n/g, "")
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      const coded = text.match(/(?:^[A-Za-z0-9+/=]{40,}\r?\n)+/gm) ?? [];
      return [printable, ...coded.map((one) => Buffer.from(one, "base64").toString())].join("\n");
    })
    .join("\n");
}

test("shows no internal details of a failure in the API, on the page, in the timeline or by mail", async () => {
  for (const [name, bytes] of Object.entries(await sources())) {
    await core.deliver(await core.put(stack, name, bytes));
    await follow((await core.only(name)).id);
  }
  const { job: gone } = await get(`/jobs/${(await core.only("text")).id}`);
  await core.storage.s3.send(
    new DeleteObjectCommand({ Bucket: gone.source.bucket, Key: gone.source.key }),
  );
  await app.request(`http://127.0.0.1:3000/api/jobs/${gone.id}/retry`, { method: "POST" });

  // A message that earlier versions stored.
  const message = "http://h/a.mp4?X-Amz-Signature=ab [mov,mp4 @ 0x55d0c0ffee80] /var/lib/x: ffmpeg";
  const old = [1030, 1076, 1999, 1].map((code) => ({
    ...jobRow({ status: "error", title: `old-${code}` }),
    failure: { type: "encoder.failed", code, message },
  }));
  const rejected = {
    ...jobRow({ status: "error", title: "old" }),
    failure: { type: "encoder.refused", message },
  };
  await fill([...old, rejected]);

  const { jobs } = await get("/jobs?limit=100");
  expect(jobs).toHaveLength(11);
  for (const { id, title } of jobs) {
    const { job, events } = await get(`/jobs/${id}`);
    const page = [job.failureMessage, advice(job.failure).sentence, ...events.map(stepSentence)];
    expect(job.failureMessage, title).toMatch(/^[A-Z].*[.)]$/);
    expect(JSON.stringify([job.failure, job.failureMessage, events, page]), title).not.toMatch(RAW);
  }
  expect(JSON.stringify(jobs)).not.toMatch(RAW);
  expect(await mails()).toContain("unlisted.avi");
  expect(await mails()).not.toMatch(RAW);
});

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Every string in a response, with its field's name. */
function strings(value: Json, field = ""): { field: string; text: string }[] {
  if (typeof value === "string") return [{ field, text: value }];
  if (Array.isArray(value)) return value.flatMap((one) => strings(one, field));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => strings(one, key));
}

/** The fields that the API's document describes as URLs. */
function urlFields(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(urlFields);
  return Object.entries(value).flatMap(([key, one]) => {
    const isUrl =
      typeof one === "object" && one !== null && !Array.isArray(one) && one.format === "uri";
    return [...(isUrl ? [key] : []), ...urlFields(one)];
  });
}

test("returns signed URLs only in fields that are documented as URLs", async () => {
  const clip = await sampleVideo(stack.folder, "clip.mp4");
  await core.deliver(await core.put(stack, "clip.mp4", clip));
  const { id } = await core.only("clip.mp4");
  await follow(id);
  const files = [{ name: "a.mp4", sizeBytes: 5, contentType: "video/mp4" }];
  const created = await app.request("http://127.0.0.1:3000/api/uploads", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ files }),
  });
  const document: Json = await get("/openapi.json");
  const since = new Date(Date.now() - 60_000).toISOString();
  const answers: Json[] = [await created.json()];
  for (const path of [
    ...["/jobs?limit=100", `/jobs?changedSince=${since}`, `/jobs/${id}`, `/jobs/${id}/playback`],
    ...["/uploads", "/account", "/health", `/jobs/${id}/shares`],
  ]) {
    answers.push(await get(path));
  }
  const signed = answers
    .flatMap((answer) => strings(answer))
    .filter(({ text }) => /X-Amz-|[?&](?:Signature|Key-Pair-Id)=/.test(text));
  const fields = [...new Set(signed.map(({ field }) => field))].sort();
  // The test saw all of these fields, so it checks something.
  expect(fields).toEqual(expect.arrayContaining(["posterUrl", "url"]));
  const documented = urlFields(document);
  expect(fields.filter((field) => !documented.includes(field))).toEqual([]);
});
