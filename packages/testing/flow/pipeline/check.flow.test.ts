/** Outputs that do not do: each is put in place after the encoder has finished and before its event arrives. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { Failure } from "@rushes/core/job/failure";
import { describe, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { type EmittedEvent, isBus, isObject } from "../../events.ts";
import { ffmpeg } from "../../patches.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore();
const clip = await sampleVideo(stack.folder, "clip.mp4", [
  ...["-vf", "scale=64:36", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"],
]);

const Bucket = "rushes-renditions";
const s3 = core.storage.s3;
const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));
const completeOf = (id: string, attempt: number) =>
  stack.event(
    (one) => isBus("COMPLETE", id)(one) && isBus("COMPLETE", `"attempt":"${attempt}"`)(one),
  );

let files = 0;
/** A submitted job. The file gets a name that no earlier try of the test has used. */
async function submitted(name: string, extension: string, bytes: Uint8Array) {
  files += 1;
  const safeName = `${name}-${files}`;
  await core.deliver(await core.put(stack, `${safeName}.${extension}`, bytes));
  const { id } = await core.only(`${safeName}.`);
  return { id, safeName };
}

/** An attempt whose files are in the bucket, and the event that the encoder sent about it. */
async function encoded(name: string) {
  const { id, safeName } = await submitted(name, "mov", clip);
  return { id, safeName, event: await completeOf(id, 1) };
}

async function keyOf(id: string, attempt: number, end: string): Promise<string> {
  const Prefix = `${id}/${attempt}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const { Contents: below = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `media/${Prefix}` }),
  );
  const found = [...Contents, ...below].find(({ Key }) => Key?.endsWith(end))?.Key;
  if (found === undefined) throw new Error(`The attempt has no output that ends with ${end}.`);
  return found;
}

async function bytesOf(Key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}
const replace = (Key: string, Body: Uint8Array) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }));

const sound = await sampleVideo(stack.folder, "sound.mp4", ["-vn", "-c:a", "aac"]);
const large = await sampleVideo(stack.folder, "large.mp4");

type Problem = Extract<Failure, { type: "encoder.output" }>["problem"];
const FAULTS: [Problem, string, (key: string) => Promise<unknown>][] = [
  ["missing", "-720p.mp4", (Key) => s3.send(new DeleteObjectCommand({ Bucket, Key }))],
  ["empty", "-1080p.mp4", (key) => replace(key, new Uint8Array())],
  [
    "incomplete",
    "-web-720p.mp4",
    async (key) => replace(key, (await bytesOf(key)).subarray(0, -100)),
  ],
  ["unreadable", "-720p.mp4", (key) => replace(key, sound)],
  ["wrong_size", "-720p.mp4", (key) => replace(key, large)],
  ["missing", ".0000000.jpg", (key) => core.storage.removePrefix(Bucket, key.slice(0, -11))],
];

describe("an output that does not do fails its attempt, which is repeated once:", () => {
  test.each(FAULTS)("%s: %s", async (problem, end, put) => {
    const name = `${problem}${end.replace(/\W/g, "")}`;
    const { id, event } = await encoded(name);
    await put(await keyOf(id, 1, end));
    await core.deliver(event);
    const { job, events } = await details(id);
    expect(job).toMatchObject({ status: "received", attempt: 2, automatic: true });
    expect(events.map(({ type }) => type)).toContain("job.checking");
    const error = events.find(({ type }) => type === "job.error");
    expect(error?.detail).toMatchObject({ reason: "encoder.output", problem });
    await core.asOwner(() => core.job.remove(core.id(id)));
  });

  test("ends the job with its reason when it happens twice, and a retry completes it", async () => {
    const { id, safeName, event } = await encoded("twice");
    await replace(await keyOf(id, 1, "-720p.mp4"), new Uint8Array());
    await core.deliver(event);
    await core.reconcile();
    const second = await completeOf(id, 2);
    await replace(await keyOf(id, 2, "-720p.mp4"), new Uint8Array());
    await core.deliver(second);
    await core.notify(id);
    const { job } = await details(id);
    expect(job).toMatchObject({
      ...{ status: "error", attempt: 2 },
      failure: { type: "encoder.output", label: "720p", problem: "empty" },
      failureMessage: expect.stringMatching(
        /^The encoder reported success, but the file …-720p\.mp4 is empty. Try again. \(Error ID /,
      ),
    });
    const mails = (await stack.mails()).filter(({ subject }) => subject.includes(safeName));
    expect(mails).toHaveLength(1);

    await core.asOwner(() => core.job.retry(core.id(id)));
    await core.reconcile();
    await core.deliver(await completeOf(id, 3));
    expect((await details(id)).job).toMatchObject({ status: "complete", attempt: 3 });
  });
});

test("checks an output again that another object replaced after it was recorded", async () => {
  const { id, safeName, event } = await encoded("recorded");
  const landed = await stack.event(isObject("rendition-created", `${safeName}-1080p.mp4`));
  await core.deliver(landed);
  expect((await details(id)).job.landed).toEqual(["1080p"]);
  const key = await keyOf(id, 1, "-1080p.mp4");
  await replace(key, (await bytesOf(key)).subarray(0, -100));
  await core.deliver(event);
  expect((await details(id)).job).toMatchObject({ status: "received", attempt: 2 });
});

test("completes with a warning a file that states a longer video than it has", async () => {
  const lying = Buffer.from(clip);
  for (const type of ["mvhd", "tkhd", "mdhd"]) statedTenTimes(lying, type);
  const { id } = await submitted("lying", "mov", lying);
  const event: EmittedEvent = await completeOf(id, 1);
  await Promise.all([core.deliver(event), core.deliver(event)]);
  const { job, events } = await details(id);
  expect(job).toMatchObject({
    status: "complete",
    warnings: [{ type: "source.length", statedSeconds: expect.closeTo(10, 0) }],
    warningMessages: [expect.stringMatching(/^The file states a length of 1\d s, but its content/)],
  });
  expect(events.filter(({ type }) => type === "encoder.warned")).toHaveLength(1);
});

test("completes with a warning a file whose subtitles the renditions do not have", async () => {
  const cues = join(stack.folder, "cues.srt");
  await writeFile(cues, "1\n00:00:00,200 --> 00:00:00,800\nHallo\n");
  const input = join(stack.folder, "clip.mp4");
  const output = join(stack.folder, "subtitles.mkv");
  await ffmpeg([
    ...["-i", input, "-i", cues, "-c", "copy", "-c:s", "srt"],
    ...["-metadata:s:s:0", "language=ger", output],
  ]);
  const { id } = await submitted("subtitles", "mkv", await readFile(output));
  await core.deliver(await completeOf(id, 1));
  expect((await details(id)).job).toMatchObject({
    status: "complete",
    warnings: [{ type: "source.captions", languages: ["de"] }],
    warningMessages: [
      "The subtitles in the file (German) were not carried over. Add them under Captions, as a WebVTT or SubRip (.srt) file.",
    ],
  });
});

test("carries the subtitles of an MP4 into an adaptive stream", async () => {
  const cues = join(stack.folder, "carried.srt");
  await writeFile(cues, "1\n00:00:00,200 --> 00:00:00,800\nHallo\n");
  const output = join(stack.folder, "carried.mp4");
  await ffmpeg([
    ...["-i", join(stack.folder, "clip.mp4"), "-i", cues, "-c", "copy", "-c:s", "mov_text"],
    ...["-metadata:s:s:0", "language=ger", output],
  ]);
  const { id } = await submitted("carried", "mp4", await readFile(output));
  await core.deliver(await completeOf(id, 1));
  expect((await details(id)).job.warnings).toMatchObject([{ type: "source.captions" }]);
  await core.asOwner(() => core.job.retry(core.id(id), "web"));
  await core.deliver(await completeOf(id, 2));
  const { job, renditions } = await details(id);
  expect(job).toMatchObject({ status: "complete", attempt: 2 });
  expect(job.warnings).toBeUndefined();
  const stream = renditions.find(({ kind }) => kind === "hls");
  expect(stream?.captions).toEqual([{ language: "de", name: "German" }]);
});

/** Multiplies the durations in all boxes of a type by ten. All have version 0 and 32-bit times. */
function statedTenTimes(file: Buffer, type: string): void {
  const offset = type === "tkhd" ? 24 : 20;
  for (let at = file.indexOf(type); at >= 0; at = file.indexOf(type, at + 4)) {
    file.writeUInt32BE(file.readUInt32BE(at + offset) * 10, at + offset);
  }
}
