import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus, isObject } from "../../events.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore();
const clip = await sampleVideo(stack.folder, "clip.mp4");

async function start(name: string, sizeBytes: number) {
  const [created] = await core.asOwner(() =>
    core.upload.create({ files: [{ name, sizeBytes, contentType: "video/mp4" }] }),
  );
  if (!created?.upload) throw new Error(created?.error?.message);
  return created;
}

async function send(
  request: { url: string; headers: Record<string, string> } | undefined,
  body: Buffer,
) {
  if (!request) throw new Error("There is nothing to send.");
  const { url, headers } = request;
  return fetch(url, { method: "PUT", headers, body: new Uint8Array(body) });
}

async function submitted(key: string) {
  await core.deliver(await core.put(stack, key, clip));
  return core.only(key);
}

async function objects(prefix: string) {
  const { Contents = [] } = await core.storage.s3.send(
    new ListObjectsV2Command({ Bucket: "rushes-renditions", Prefix: prefix }),
  );
  return Contents.map(({ Key }) => Key);
}

test("takes the poster of a video that begins in black from a later frame", async () => {
  const fading = await sampleVideo(stack.folder, "fade.mp4", [
    ...["-vf", "fade=in:d=0.7", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"],
  ]);
  await core.deliver(await core.put(stack, "fade.mp4", fading));
  const { id } = await core.only("fade");
  await core.deliver(await stack.event(isBus("COMPLETE", id)));
  const { job, renditions } = await core.asOwner(() => core.job.details(core.id(id)));
  const posters = renditions.filter((one) => one.kind === "poster");
  const captures = (await objects(`media/${id}/`)).filter((key) => key?.endsWith(".jpg"));
  expect(posters.map((one) => one.key)).toEqual([job.posterKey]);
  expect(captures.length).toBeGreaterThan(1);
  expect(captures.indexOf(job.posterKey)).toBeGreaterThan(3);
  // S3 sends no event for posters, so they start no function.
  expect(stack.events.filter((one) => "queue" in one && one.body.includes(".jpg"))).toEqual([]);
  await core.asOwner(() => core.job.remove(core.id(id)));
  expect(await objects(`media/${id}/`)).toEqual([]);
});

test("completes a video with a damaged middle, with a warning", async () => {
  const damaged = Buffer.from(clip);
  const middle = Math.floor(damaged.length / 2);
  damaged.fill(0, middle, middle + 2000);
  await core.deliver(await core.put(stack, "damaged.mp4", damaged));
  const { id } = await core.only("damaged");
  const complete = await stack.event(isBus("COMPLETE", id));
  const warning = await stack.event(isBus("NEW_WARNING", id));
  // In any order and twice, because EventBridge may deliver so.
  await core.deliver(complete);
  await core.deliver(warning);
  await core.deliver(warning);
  const { job, renditions, events } = await core.asOwner(() => core.job.details(core.id(id)));
  expect(job).toMatchObject({
    status: "complete",
    warnings: [{ type: "source.damaged" }],
    warningMessages: [expect.stringMatching(/^Part of the file is damaged/)],
  });
  expect(renditions).toHaveLength(4);
  expect(events.filter((one) => one.type === "encoder.warned")).toHaveLength(1);
  const retried = await core.asOwner(() => core.job.retry(core.id(id)));
  expect(retried.warnings).toBeUndefined();
  await core.asOwner(() => core.job.remove(core.id(id)));
});

describe("an upload from the browser", () => {
  test("becomes a complete job with playable renditions and one mail", async () => {
    const { upload, requests } = await start("my video.mp4", clip.length);
    expect((await send(requests[0], clip)).status).toBe(200);
    const completing = await core.asOwner(() => core.upload.complete(upload.id));
    expect(completing.status).toBe("completing");

    await core.deliver(await stack.event(isObject("source-created", upload.id)));
    const { status, jobId } = await core.asOwner(() => core.upload.fromId(upload.id));
    expect(status).toBe("completed");
    if (!jobId) throw new Error("The upload has no job.");
    await core.deliver(await stack.event(isBus("PROGRESSING", jobId)));
    await core.deliver(await stack.event(isBus("COMPLETE", jobId)));
    await core.notify(jobId);
    await core.notify(jobId);

    const { job, renditions, events } = await core.asOwner(() => core.job.details(jobId));
    expect(job).toMatchObject({ status: "complete", progressPercent: 100, title: "my video.mp4" });
    expect(job.landed).toEqual(["1080p", "720p", "web-720p", "poster"]);
    expect(renditions.find((one) => one.label === "1080p")).toMatchObject({
      key: `media/${jobId}/1/my video/my video-1080p.mp4`,
      width: 320,
      height: 180,
      checksum: expect.stringMatching(/^crc/),
    });
    expect(events.map((event) => event.type)).toEqual([
      "upload.created",
      "upload.completed",
      "source.received",
      "source.checked",
      "job.submitted",
      "encoder.started",
      "job.checking",
      ...Array(4).fill("rendition.landed"),
      "job.complete",
      "mail.sent",
    ]);
    const playback = await core.asOwner(() => core.playback.create(jobId));
    for (const one of playback.renditions) expect((await fetch(one.url)).status).toBe(200);
    const download = await fetch(playback.sourceDownloadUrl ?? "");
    expect(download.headers.get("content-disposition")).toBe(
      "attachment; filename*=UTF-8''my%20video.mp4",
    );
    const mails = await stack.mails();
    expect(mails.filter((one) => one.subject.includes("my video.mp4"))).toHaveLength(1);
  });

  test("is rejected by S3 if its length differs from the signed one", async () => {
    const { requests } = await start("short.mp4", clip.length + 1);
    expect((await send(requests[0], clip)).status).toBe(403);
  });

  test("of a large file is completed from its parts, and only when all arrived", async () => {
    const body = Buffer.alloc(33 * 1024 ** 2, 7);
    const { upload, requests } = await start("large.bin", body.length);
    const partBytes = body.length / 6;
    expect(requests.map((one) => one.sizeBytes)).toEqual(Array(6).fill(partBytes));
    const sending = async (number: number) => {
      const from = (number - 1) * partBytes;
      const [request] = await core.asOwner(() =>
        core.upload.sign({ id: upload.id, partNumbers: [number] }),
      );
      return send(request, body.subarray(from, from + partBytes));
    };
    for (const number of [1, 3, 4, 5, 6]) expect((await sending(number)).status).toBe(200);
    await expect(core.asOwner(() => core.upload.complete(upload.id))).rejects.toMatchObject({
      code: "upload.incomplete",
    });
    expect((await sending(2)).status).toBe(200);
    await Promise.all([1, 2].map(() => core.asOwner(() => core.upload.complete(upload.id))));
    const event = await stack.event(isObject("source-created", upload.id));
    expect("body" in event && event.body).toContain("CompleteMultipartUpload");
    await core.deliver(event);
    const { jobId } = await core.asOwner(() => core.upload.complete(upload.id));
    if (!jobId) throw new Error("The upload has no job.");
    const { job } = await core.asOwner(() => core.job.details(jobId));
    expect(job.failure).toEqual({ type: "source.not_media" });
  });

  test("leaves no job and no object when it is aborted", async () => {
    const { upload, requests } = await start("unwanted.mp4", clip.length);
    await core.asOwner(() => core.upload.remove(upload.id));
    expect((await send(requests[0], clip)).status).toBe(200);
    await core.deliver(await stack.event(isObject("source-created", upload.id)));
    const { jobs } = await core.asOwner(() => core.job.list({ q: "unwanted" }));
    expect(jobs).toEqual([]);
    const key = `${upload.id}/unwanted.mp4`;
    const read = core.storage.s3.send(new GetObjectCommand({ Bucket: "rushes-uploads", Key: key }));
    await expect(read).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("makes one job if the bytes are sent twice after a lost response", async () => {
    const { upload, requests } = await start("twice.mp4", clip.length);
    expect((await send(requests[0], clip)).status).toBe(200);
    const other = Buffer.from(clip).reverse();
    for (const body of [clip, other]) expect((await send(requests[0], body)).status).toBe(412);
    await core.asOwner(() => core.upload.complete(upload.id));
    const event = await stack.event(isObject("source-created", upload.id));
    await Promise.all([event, event].map(core.deliver));
    const job = await core.only("twice");
    expect((await send(requests[0], other)).status).toBe(412);
    const key = { Bucket: "rushes-uploads", Key: `${upload.id}/twice.mp4` };
    const object = await core.storage.s3.send(new GetObjectCommand(key));
    expect(object).toMatchObject({
      CacheControl: "private, no-store",
      ContentDisposition: "attachment",
    });
    expect(await object.Body?.transformToByteArray()).toEqual(new Uint8Array(clip));
    expect(stack.events.filter(isObject("source-created", upload.id))).toHaveLength(1);
    expect(await core.encoderJobs(job.id)).toHaveLength(1);
    await core.asOwner(() => core.job.remove(job.id));
  });
});

describe("requests of the owner", () => {
  test("canceling stops the encoder and sends no mail; a retry makes a second attempt", async () => {
    const { id } = await submitted("cancel me.mp4");
    expect((await core.asOwner(() => core.job.cancel(id))).status).toBe("canceled");
    await core.deliver(await stack.event(isBus("CANCELED", id)));
    await core.notify(id);
    await expect(core.asOwner(() => core.job.cancel(id))).rejects.toMatchObject({
      code: "job.state",
    });
    expect((await stack.mails()).filter((one) => one.subject.includes("cancel me"))).toEqual([]);

    const again = await core.asOwner(() => core.job.retry(id));
    expect(again).toMatchObject({ attempt: 2, status: "submitted" });
    const complete = await stack.event(isBus("COMPLETE", id));
    await core.deliver(complete);
    const { job, renditions } = await core.asOwner(() => core.job.details(id));
    expect(job.status).toBe("complete");
    expect(renditions.every((one) => one.key.startsWith(`media/${id}/2/`))).toBe(true);
  });

  test("deleting stops the job, leaves a tombstone, and removes renditions that arrive late", async () => {
    const since = new Date().toISOString();
    const { id } = await submitted("delete me.mp4");
    await core.asOwner(() => core.job.remove(id));
    await stack.event(isBus("CANCELED", id));
    await core.asOwner(() => core.job.remove(id));
    await expect(core.asOwner(() => core.job.details(id))).rejects.toMatchObject({
      code: "job.not_found",
    });
    const { changes } = await core.asOwner(() => core.job.changedSince({ since }));
    expect(changes).toContainEqual({ type: "deleted", id, time: expect.any(String) });

    const key = `media/${id}/1/delete me/delete me-720p.mp4`;
    await core.storage.s3.send(
      new PutObjectCommand({
        Bucket: "rushes-renditions",
        Key: key,
        Body: clip,
      }),
    );
    await core.deliver(await stack.event(isObject("rendition-created", id)));
    expect(await objects(`media/${id}/`)).toEqual([]);
  });

  test("renaming makes the job searchable by its new name, in any case", async () => {
    const { id } = await submitted("old name.mp4");
    await core.asOwner(() => core.job.rename({ id, title: "Neuer Name" }));
    expect((await core.only("neuer")).id).toBe(id);
    await core.asOwner(() => core.job.remove(id));
  });
});
