import { GetJobCommand } from "@aws-sdk/client-mediaconvert";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { change, dueNow, fill, jobRow } from "../../rows.ts";
import { sampleVideo } from "../../sample-video.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let clip: Buffer;
let parse: typeof import("@rushes/core/source/object").parseNotification;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ parseNotification: parse } = await import("@rushes/core/source/object"));
  clip = await sampleVideo(stack.folder, "clip.mp4");
});
afterAll(() => stack.close());

const PAST = new Date(Date.now() - 1000).toISOString();

/** A claimed job whose source exists, but which was never submitted. */
async function received(title: string) {
  const event = await core.put(stack, title, clip);
  const [source] = "body" in event ? parse(event.body) : [];
  const row = jobRow({ title, status: "received" });
  const forgotten = { ...row, source, submitTries: 0, encoderJobId: undefined, landed: undefined };
  await fill([{ ...forgotten, ...dueNow("job", row.id) }]);
  return { id: core.id(row.id), key: core.table.key.job(row.id), event };
}

async function encoderStatus(jobId: string) {
  const [found] = await core.encoderJobs(jobId);
  const answer = await core.encoder.encoder.send(new GetJobCommand({ Id: found?.Id }));
  return answer.Job?.Status;
}

async function keys(bucket: string, prefix: string) {
  const listed = await core.storage.s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  return (listed.Contents ?? []).map(({ Key }) => Key);
}

describe("a job that stopped reporting", () => {
  test("is submitted if it was not yet, and only found if the submission was not recorded", async () => {
    const { id, key } = await received("forgotten.mp4");
    await core.reconcile();
    const submitted = await core.table.get(key);
    expect(submitted).toMatchObject({ status: "submitted", submitTries: 1 });
    await change(key, { status: "received", submitLease: PAST, ...dueNow("job", id) });
    await core.reconcile();
    const found = await core.table.get(key);
    expect(found).toMatchObject({ status: "submitted", submitTries: 2 });
    expect(found?.encoderJobId).toBe(submitted?.encoderJobId);
    expect(await core.encoderJobs(id)).toHaveLength(1);
  });

  test("is stopped at the encoder if it was canceled", async () => {
    const { id, key } = await received("canceled.mp4");
    await core.reconcile();
    await change(key, { status: "canceled", ...dueNow("job", id) });
    await core.reconcile();
    expect(await encoderStatus(id)).toBe("CANCELED");
    expect(await core.table.get(key)).not.toHaveProperty("duePk");
  });

  test("is stopped at the encoder if it was canceled during its submission", async () => {
    const event = await core.put(stack, "overtaken.mp4", clip);
    const [created, canceled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const name = "waitOfTests";
    core.encoder.encoder.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (args.input && "Settings" in args.input) {
          created.resolve();
          await canceled.promise;
        }
        return answer;
      },
      { step: "initialize", name },
    );
    const handed = core.deliver(event);
    await created.promise;
    const { id } = await core.only("overtaken");
    await core.asOwner(() => core.job.cancel(id));
    canceled.resolve();
    await handed;
    core.encoder.encoder.middlewareStack.remove(name);
    expect(await encoderStatus(id)).toBe("CANCELED");
  });
});

test("removes everything of a deleted job, including what arrives late", async () => {
  const { id, key, event } = await received("late.mp4");
  await core.asOwner(() => core.job.remove(id));
  // Everything once more, without an event: the source, a rendition, a step, a share.
  const [source] = "body" in event ? parse(event.body) : [];
  const put = (Bucket: string, Key: string) =>
    core.storage.s3.send(new PutObjectCommand({ Bucket, Key, Body: clip }));
  await put("rushes-uploads", source?.key ?? "");
  // Earlier versions wrote keys without the prefix.
  await put("rushes-renditions", `media/${id}/1/late/hls/index-720p_1.cmfv`);
  await put("rushes-renditions", `${id}/1/late/late-720p.mp4`);
  const time = new Date().toISOString();
  const share = `shr_${id.slice(4)}`;
  await fill([
    { ...core.table.key.event(id, 1, "job.complete", ""), type: "job.complete", attempt: 1, time },
    {
      ...{ ...core.table.key.share(share), ...core.table.index.jobShares(id, share) },
      ...{ id: share, jobId: id, ownerId: "local", origins: [], time: { created: time } },
    },
  ]);
  await change(key, dueNow("tombstone", id));
  await core.reconcile();
  expect(await keys("rushes-uploads", source?.key ?? "none")).toEqual([]);
  expect(await keys("rushes-renditions", `media/${id}/`)).toEqual([]);
  expect(await keys("rushes-renditions", `${id}/`)).toEqual([]);
  const rows = await core.table.queryAll({ partition: key.pk });
  expect(rows.map(({ sk }) => sk)).toEqual(["JOB"]);
  expect(await core.table.get(core.table.key.share(share))).toBeUndefined();
});

test("sends no notice to a disabled user, from the stream or from reconcile", async () => {
  const { signIn } = await import("@rushes/core/user/index");
  const { withActor } = await import("@rushes/core/actor");
  const email = "bob@example.com";
  const identity = { issuer: "https://id.example.com", subject: "bob", groups: [] };
  const { id: ownerId } = await withActor({ type: "system" }, () =>
    signIn({ ...identity, email, emailVerified: true }),
  );
  await change(core.table.key.user(ownerId), { disabled: true });
  const [streamed, swept] = [jobRow({ ownerId, title: "off.mp4" }), jobRow({ ownerId })];
  const notice = (id: string) => core.table.key.notice(id, 1);
  await fill(
    [streamed, swept].flatMap((job) => [
      job,
      {
        ...{ ...notice(job.id), ...dueNow("notice", job.id) },
        ...{ jobId: job.id, attempt: 1, state: "due", tries: 0, outcome: "complete" },
      },
    ]),
  );
  await core.notify(streamed.id);
  expect(await core.table.get(notice(streamed.id))).toBeUndefined();
  await core.reconcile();
  expect(await core.table.get(notice(swept.id))).toBeUndefined();
  expect(JSON.stringify(await stack.mails())).not.toContain("off.mp4");
});

test("does not expire an upload whose object exists but whose event is late", async () => {
  const files = [{ name: "slow.mp4", sizeBytes: clip.length, contentType: "video/mp4" }];
  const [started] = await core.asOwner(() => core.upload.create({ files }));
  const [request] = started?.requests ?? [];
  const id = started?.upload?.id;
  if (!request || !id) throw new Error("It was rejected.");
  await fetch(request.url, { method: "PUT", headers: request.headers, body: new Uint8Array(clip) });
  const key = core.table.key.upload(id);
  await change(key, { status: "completing", "time.expires": PAST, ...dueNow("upload", id) });
  await core.reconcile();
  expect((await core.asOwner(() => core.upload.fromId(id))).status).toBe("completing");
});
