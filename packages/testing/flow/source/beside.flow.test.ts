/** Captions files that other tools put beside a video: they become its captions, whichever arrives first. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import type { EmittedEvent } from "../../events.ts";
import { OWNER } from "../../owner.ts";
import { fill, jobRow, withSource } from "../../rows.ts";

const OTHER = "own_01J9ZQ3V5X8Y2K4M6N7P9R1S3T";
const { stack, core } = await startCore({
  importOwners: JSON.stringify({ prefixes: { "shared/theirs.en": OTHER } }),
});
const [Captions, Usage] = await Promise.all([
  import("@rushes/core/captions/index"),
  import("@rushes/core/usage/index"),
]);
const { key, index, put, transact } = core.table;
const time = { created: "2031-05-06T10:00:00.000Z", seen: "2031-05-06T10:00:00.000Z" };
const other = { id: OTHER, email: "other@example.com", role: "member", disabled: false };
await transact([
  put({
    ...{ ...key.user(OTHER), ...index.users(other.email, OTHER), ...other, time },
    ...{ issuer: "https://id.example.com", subject: OTHER },
  }),
]);

const BUCKET = "rushes-uploads";
const srt = (text: string) => `1\n00:00:01,000 --> 00:00:02,500\n${text}\n`;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A complete video at this key, as another tool has put it there. */
async function newVideo(objectKey: string) {
  const row = jobRow({ title: objectKey });
  const at = { ...row, source: { ...row.source, key: objectKey } };
  await fill([
    await withSource(at),
    { ...key.source(BUCKET, objectKey), jobId: row.id, sequencer: "0" },
  ]);
  return core.id(row.id);
}

type Id = Awaited<ReturnType<typeof newVideo>>;
const captionsOf = (id: Id) => core.asOwner(() => Captions.list(id));
const jobOf = async (id: Id) => (await core.asOwner(() => core.job.details(id))).job;
const usedBytes = async () => (await Usage.read(OWNER.ownerId)).bytes;
const send = async (objectKey: string, text: string) => {
  const event = await core.put(stack, objectKey, utf8(text));
  await core.deliver(event);
  return event;
};
async function filesOf(id: Id): Promise<number> {
  const Prefix = `media/${id}/captions/`;
  const found = await core.storage.s3.send(
    new ListObjectsV2Command({ Bucket: "rushes-renditions", Prefix }),
  );
  return found.Contents?.length ?? 0;
}

test("captions files are added to a video that is complete, with the language of their name", async () => {
  const id = await newVideo("a/film.mp4");
  const before = await usedBytes();
  await send("a/film.srt", srt("Hello"));
  await send("a/film.pt-BR.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nOlá\n");
  const captions = await captionsOf(id);
  expect(captions.map(({ language, name, cues }) => [language, name, cues])).toEqual([
    ["und", "Captions", 1],
    ["pt-BR", "português (Brasil)", 1],
  ]);
  const bytes = captions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  expect(await usedBytes()).toBe(before + bytes);
  expect((await jobOf(id)).warnings).toBeUndefined();
});

test("captions files that arrive before their video are added once it arrives", async () => {
  await send("b/early.de.srt", srt("Hallo"));
  await send("b/early.mp4", "no video");
  const { id } = await core.only("early");
  expect(await captionsOf(core.id(id))).toMatchObject([{ language: "de", name: "Deutsch" }]);
});

test("events in any order, and repeated ones, add a file once", async () => {
  const [sidecar, video] = [
    await core.put(stack, "c/both.en.srt", utf8(srt("Hello"))),
    await core.put(stack, "c/both.mp4", utf8("no video")),
  ];
  await Promise.all([sidecar, video, sidecar, video].map((event) => core.deliver(event)));
  const { id } = await core.only("both");
  const [captions, ...more] = await captionsOf(core.id(id));
  expect(more).toEqual([]);
  expect(await filesOf(core.id(id))).toBe(1);

  // What a person has removed stays away.
  if (!captions) throw new Error("There are no captions.");
  await core.asOwner(() => Captions.remove({ jobId: core.id(id), id: captions.id }));
  await core.deliver(sidecar);
  await core.deliver(video);
  expect(await captionsOf(core.id(id))).toEqual([]);
});

test("a new version of a file replaces its captions, and keeps the name that a person gave them", async () => {
  const id = await newVideo("d/film.mp4");
  const first: EmittedEvent = await send("d/film.en.srt", srt("Helo"));
  const [wrong] = await captionsOf(id);
  if (!wrong) throw new Error("There are no captions.");
  await core.asOwner(() => Captions.update({ jobId: id, id: wrong.id, name: "For the deaf" }));
  const before = await usedBytes();
  await send("d/film.en.srt", srt("Hello"));
  await core.deliver(first);
  const captions = await captionsOf(id);
  expect(captions).toMatchObject([{ language: "en", name: "For the deaf" }]);
  expect(await (await fetch(captions[0]?.downloadUrl ?? "")).text()).toContain("Hello");
  expect(await usedBytes()).toBe(before + 1);
  expect(await filesOf(id)).toBe(1);
});

test.each([
  ["another name", "e/other.srt"],
  ["another folder", "f/film.srt"],
  ["a part of the name that is no language", "e/film.final.srt"],
  ["another type", "e/film.xml"],
])("a file with %s adds nothing, and makes no job", async (_, objectKey) => {
  const id = await newVideo("e/film.mp4");
  await send(objectKey, srt("Hello"));
  expect(await captionsOf(id)).toEqual([]);
  const jobs = await core.asOwner(() => core.job.list({ limit: 100 }));
  expect(jobs.jobs.filter(({ source }) => source.key === objectKey)).toEqual([]);
});

test("a file of another owner adds nothing", async () => {
  const id = await newVideo("shared/theirs.mp4");
  await send("shared/theirs.en.srt", srt("Hello"));
  expect(await captionsOf(id)).toEqual([]);
  await send("shared/theirs.srt", srt("Hello"));
  expect(await captionsOf(id)).toHaveLength(1);
});

test("an invalid file becomes a warning without a mail, and a corrected one ends it", async () => {
  const id = await newVideo("g/film.mp4");
  await send("g/film.en.srt", srt("Hello").replace("02,500", "00,500"));
  await send("g/film.de.srt", `${srt("Hallo")}${"\n".repeat(1_000_000)}`);
  const job = await jobOf(id);
  expect(job.status).toBe("complete");
  expect(job.warningMessages).toEqual([
    "film.en.srt beside the video was not added as captions. Line 2: the caption ends before it starts. Replace the file, or add captions under Captions.",
    expect.stringMatching(/^film\.de\.srt .* The file is larger than 1 MB\./),
  ]);
  await core.notify(id);
  expect(await captionsOf(id)).toEqual([]);
  expect(await filesOf(id)).toBe(0);

  // The next attempt is of the video, and not of the files beside it.
  await core.asOwner(() => core.job.retry(id));
  expect((await jobOf(id)).warnings).toHaveLength(2);

  await send("g/film.en.srt", srt("Hello"));
  expect((await jobOf(id)).warnings).toMatchObject([{ fileName: "film.de.srt" }]);
  expect(await captionsOf(id)).toMatchObject([{ language: "en" }]);
  await send("g/film.de.srt", srt("Hallo"));
  expect((await jobOf(id)).warnings).toBeUndefined();
  expect(await stack.mails()).toEqual([]);
});
