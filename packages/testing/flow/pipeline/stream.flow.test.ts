/** An adaptive stream is one rendition: it plays from its first playlist on, and is complete with its last one. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { withActor } from "@rushes/core/actor";
import * as Id from "@rushes/core/id";
import type * as ProgressModule from "@rushes/core/pipeline/progress";
import type * as KeyModule from "@rushes/core/rendition/key";
import type * as ShareModule from "@rushes/core/share/index";
import { beforeAll, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus, isObject } from "../../events.ts";
import { change, dueNow } from "../../rows.ts";
import { sampleVideo } from "../../sample-video.ts";
import { ENDED, MULTIVARIANT, putStream } from "../../stream.ts";

const { stack, core } = await startCore();
let clip: Buffer;
let key: typeof KeyModule;
let share: typeof ShareModule;
let progress: typeof ProgressModule;

beforeAll(async () => {
  clip = await sampleVideo(stack.folder, "clip.mp4");
  [key, share, progress] = await Promise.all([
    import("@rushes/core/rendition/key"),
    import("@rushes/core/share/index"),
    import("@rushes/core/pipeline/progress"),
  ]);
});

const TYPE = /^video\/mp4; codecs="avc1\.[0-9a-f]{6}, mp4a\.40\.2"$/;

/** A share link of a job, and one that also allows its source. */
async function shares(id: string) {
  const make = async (allowsOriginal?: boolean) => {
    const { url } = await share.create({ jobId: core.id(id), origins: [], allowsOriginal });
    return url.split("/").at(-1) ?? "";
  };
  return { address: await make(), original: await make(true) };
}

const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));
const streamOf = async (id: string) =>
  (await details(id)).renditions.filter(({ kind }) => kind === "hls");

/** A submitted job, and the folder of its stream. */
async function submitted(name: string) {
  await core.deliver(await core.put(stack, `${name}.mp4`, clip));
  const { id } = await core.only(name);
  // Submitted as MP4s, which are quicker, and checked as a stream, which the test writes.
  await change(core.table.key.job(id), { profile: "hls" });
  return { id, folder: key.hlsFolder(id, 1, name) };
}

/** The stream of this job has begun: its first segment and its playlists are there. */
async function begun(name: string) {
  const job = await submitted(name);
  const sizeBytes = await putStream(core, job.folder, {
    "index-36p_00001.cmfv": "0123456789",
    "index-36p.m3u8": "#EXTM3U\n",
    "index.m3u8": MULTIVARIANT.growing,
  });
  const [first] = await playlists(job.id, 1);
  if (!first) throw new Error("There is no event.");
  await core.deliver(first);
  return { ...job, sizeBytes, first };
}

/** The events about this job's stream, when there are `count`. */
async function playlists(id: string, count: number) {
  const isOfJob = isObject("rendition-created", id);
  const found = () =>
    stack.events.filter((one) => isOfJob(one) && JSON.stringify(one).includes("index"));
  await stack.event((one) => isOfJob(one) && found().length >= count);
  return found();
}

async function objects(folder: string) {
  const Prefix = folder;
  const listed = await core.storage.s3.send(
    new ListObjectsV2Command({ Bucket: "rushes-renditions", Prefix }),
  );
  return (listed.Contents ?? []).length;
}

test("records the stream at its first playlist, and updates it at its last", async () => {
  const { id, folder, sizeBytes, first } = await begun("grows");
  expect((await details(id)).job).toMatchObject({ status: "submitted", landed: ["hls"] });
  const rung = { width: 64, height: 36, frameRate: 1 };
  expect(await streamOf(id)).toEqual([
    expect.objectContaining({
      ...{ label: "hls", sizeBytes, key: `${folder}index.m3u8`, hasStoryboard: false },
      rungs: [{ ...rung, bitRate: 500_000 }],
    }),
  ]);

  await putStream(core, folder, { "index-36p_00002.cmfv": "01234567890" });
  await putStream(core, folder, { "index.m3u8": MULTIVARIANT.final });
  const [, last] = await playlists(id, 2);
  if (!last) throw new Error("There is no event.");
  await core.deliver(last);
  const final = sizeBytes + 11 + MULTIVARIANT.final.length - MULTIVARIANT.growing.length;
  const rungs = [{ ...rung, bitRate: 90_000, averageBitRate: 80_000 }];
  expect(await streamOf(id)).toEqual([expect.objectContaining({ sizeBytes: final, rungs })]);

  await core.deliver(await stack.event(isBus("COMPLETE", id)));
  const { job, events } = await details(id);
  expect(job).toMatchObject({ status: "complete", landed: expect.arrayContaining(["hls"]) });
  // A late or repeated event changes nothing.
  await putStream(core, folder, { "index-36p_00003.cmfv": "0" });
  await core.deliver(first);
  expect(await streamOf(id)).toEqual([expect.objectContaining({ sizeBytes: final, rungs })]);
  expect((await details(id)).events).toHaveLength(events.length);
  const steps = events.filter(({ detail }) => detail?.label === "hls");
  expect(steps.map(({ type }) => type)).toEqual(["rendition.landed"]);
  expect(await playlists(id, 2)).toHaveLength(2);

  await core.asOwner(() => core.job.remove(id));
  expect(await objects(folder)).toBe(0);
});

test("plays the source until the job is complete, and the stream as it grows", async () => {
  const { id } = await submitted("early");
  const playback = () => core.asOwner(() => core.playback.create(core.id(id)));
  const { source, hls: none, complete } = await playback();
  expect([source?.type, none, complete]).toEqual([expect.stringMatching(TYPE), undefined, false]);
  const part = await fetch(source?.url ?? "", { headers: { range: "bytes=0-9" } });
  expect([part.status, part.headers.get("content-type")]).toEqual([206, "video/mp4"]);
  expect(part.headers.get("content-disposition")).toBe("inline");
  expect(await part.bytes()).toEqual(new Uint8Array(clip.subarray(0, 10)));

  const folder = key.hlsFolder(id, 1, "early");
  await putStream(core, folder, {
    "index-36p_00001.cmfv": "0123456789",
    "index.m3u8": MULTIVARIANT.growing,
  });
  const [first] = await playlists(id, 1);
  if (!first) throw new Error("There is no event.");
  await core.deliver(first);
  const { hls, expires } = await playback();
  const { search } = new URL(hls?.url ?? "");
  expect(hls?.expires).toBe(expires);
  expect(await (await fetch(hls?.url ?? "")).text()).toBe(MULTIVARIANT.growing);
  const segment = new URL(`index-36p_00001.cmfv${search}`, hls?.url);
  expect(await (await fetch(segment)).text()).toBe("0123456789");

  const { address, original } = await core.asOwner(() => shares(id));
  const [brief, allowed] = [await share.open({ address }), await share.open({ address: original })];
  expect(brief.playback.source).toBeUndefined();
  expect(allowed.playback.source?.type).toEqual(expect.stringMatching(TYPE));
  expect((await fetch(allowed.playback.source?.url ?? "")).status).toBe(200);
  expect((await fetch(brief.playback.hls?.url ?? "")).status).toBe(200);
  expect(Date.parse(brief.playback.hls?.expires ?? "") - Date.now()).toBeLessThanOrEqual(60_000);

  await core.deliver(await stack.event(isBus("COMPLETE", id)));
  expect((await details(id)).job.status).toBe("complete");
  for (const ended of [await playback(), (await share.open({ address: original })).playback]) {
    expect(ended).toMatchObject({ source: undefined, complete: true });
  }
  await core.asOwner(() => core.job.remove(core.id(id)));
});

test("completes a job with a stream of which no event has arrived", async () => {
  const { id, folder } = await submitted("quiet");
  const sizeBytes = await putStream(core, folder, ENDED);
  await stack.event(isBus("COMPLETE", id));
  const expected = ["1080p", "720p", "web-720p", "poster", "hls"];
  await change(core.table.key.job(id), { expected, ...dueNow("job", id) });
  await core.reconcile();
  expect((await details(id)).job.status).toBe("complete");
  expect(await streamOf(id)).toEqual([expect.objectContaining({ sizeBytes })]);
});

test("leaves nothing that plays of a job that is canceled or fails", async () => {
  const canceled = await begun("canceled");
  await core.asOwner(() => core.job.cancel(canceled.id));
  const failed = await begun("failed");
  const row = await core.table.get(core.table.key.job(failed.id));
  const about = { jobId: failed.id, attempt: 1, encoderJobId: String(row?.encoderJobId) };
  const error = { ...about, type: "error", code: 1010, message: "" } as const;
  await withActor({ type: "system" }, () => progress.applyUpdate(error));

  for (const { id, folder, first } of [canceled, failed]) {
    const { job, renditions } = await details(id);
    expect([job.status, renditions]).toEqual([id === canceled.id ? "canceled" : "error", []]);
    const playback = await core.asOwner(() => core.playback.create(id));
    expect([playback.hls, playback.renditions]).toEqual([undefined, []]);
    await core.deliver(first);
    expect(await streamOf(id)).toEqual([]);
    await change(core.table.key.job(id), dueNow("job", id));
    await core.reconcile();
    expect(await objects(folder)).toBe(0);
  }
});

test("invokes a function as often for a long stream as for a short one", async () => {
  const invocations = async (name: string, segments: number) => {
    const id = Id.create.job();
    const folder = key.hlsFolder(id, 1, name);
    const files = Array.from({ length: segments }, (_, at): [string, string][] => [
      [`index-36p_${at}.cmfv`, "0"],
      [`index-audio_${at}.cmfa`, "0"],
      [`index-captions-en_${at}.vtt`, "0"],
      [`index-images_${at}.jpg`, "0"],
      ["index-36p.m3u8", `#EXTM3U\n#${at}\n`],
    ]).flat();
    await Promise.all(files.map((file) => putStream(core, folder, Object.fromEntries([file]))));
    await putStream(core, folder, { "index.m3u8": MULTIVARIANT.growing });
    await putStream(core, folder, { "index.m3u8": MULTIVARIANT.final });
    return (await playlists(id, 2)).length;
  };
  expect(await invocations("short", 2)).toBe(2);
  expect(await invocations("long", 30)).toBe(2);
});

test("keeps a playlist that cannot be read out of the list", async () => {
  const { id, folder } = await submitted("odd");
  await putStream(core, folder, { "index.m3u8": "no playlist" });
  const [event] = await playlists(id, 1);
  if (!event) throw new Error("There is no event.");
  await core.deliver(event);
  expect(await streamOf(id)).toEqual([]);
});
