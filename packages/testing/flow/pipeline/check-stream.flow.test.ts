/** Files of an adaptive stream that are missing or do not end, before the encoder's event arrives. */
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore({ profile: "hls" });
const clip = await sampleVideo(stack.folder, "clip.mp4", [
  ...["-vf", "scale=64:36", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"],
]);

const Bucket = "rushes-renditions";
const s3 = core.storage.s3;
const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));

/** The text of a playlist of an attempt's stream, and the key of a file beside it. */
async function playlist(id: string, name: string, file: string) {
  const folder = `media/${id}/1/${file}/hls/`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `${folder}${name}` }));
  return { folder, text: (await Body?.transformToString()) ?? "" };
}

async function encoded(name: string) {
  await core.deliver(await core.put(stack, `${name}.mov`, clip));
  const { id } = await core.only(name);
  const event = await stack.event(isBus("COMPLETE", id));
  const multivariant = await playlist(id, "index.m3u8", name);
  const rung = /^[^#\s].*\.m3u8$/m.exec(multivariant.text)?.[0] ?? "";
  return { id, event, rung, ...(await playlist(id, rung, name)) };
}

test("completes a job whose stream is whole", async () => {
  const { id, event } = await encoded("whole");
  await core.deliver(event);
  const { job } = await details(id);
  expect(job).toMatchObject({ status: "complete", landed: expect.arrayContaining(["hls"]) });
  expect(job.warnings).toBeUndefined();
});

test("repeats an attempt without one of its segments", async () => {
  const { id, event, folder, text } = await encoded("gap");
  const segment = /^[^#\s].*\.cmfv$/m.exec(text)?.[0] ?? "";
  await s3.send(new DeleteObjectCommand({ Bucket, Key: `${folder}${segment}` }));
  await core.deliver(event);
  expect(await fault(id)).toMatchObject({ label: "hls", problem: "incomplete" });
});

test("repeats an attempt with a playlist that does not end", async () => {
  const { id, event, folder, rung, text } = await encoded("open");
  const Body = text.replace(/#EXT-X-ENDLIST\s*/, "");
  await s3.send(new PutObjectCommand({ Bucket, Key: `${folder}${rung}`, Body }));
  await core.deliver(event);
  expect(await fault(id)).toMatchObject({ label: "hls", problem: "incomplete" });
});

/** What was wrong with the first attempt of a job that has a second one. */
async function fault(id: string) {
  const { job, events } = await details(id);
  expect(job).toMatchObject({ attempt: 2, automatic: true });
  return events.find(({ type }) => type === "job.error")?.detail;
}
