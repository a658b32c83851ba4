import { ListMultipartUploadsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Owner } from "@rushes/core/actor";
import type { Row } from "@rushes/core/upload/row";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { isObject } from "../../events.ts";
import { OWNER } from "../../owner.ts";
import { fill, jobRow } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

const MIB = 1024 ** 2;
const MOST = { maxOpenUploads: 5, maxOwnerBytes: 200 * MIB };

let stack: Stack;
let core: Awaited<ReturnType<typeof load>>;
let owners = 0;

async function load() {
  const all = await loadCore();
  const [usage, actor, claim, uploadRow, jobRow, commands, { VisibleError }] = await Promise.all([
    import("@rushes/core/usage/index"),
    import("@rushes/core/actor"),
    import("@rushes/core/pipeline/claim"),
    import("@rushes/core/upload/row"),
    import("@rushes/core/job/row"),
    import("../../commands.ts"),
    import("@rushes/core/error"),
  ]);
  return { ...all, usage, actor, claim: claim.claim, uploadRow, jobRow, commands, VisibleError };
}

beforeAll(async () => {
  stack = await startStack(MOST);
  core = await load();
});
afterAll(() => stack.close());

function newOwner(): Owner {
  owners += 1;
  return { ...OWNER, ownerId: `own_${owners}`, via: "session" };
}

const file = (sizeBytes: number) => ({ name: "a.mp4", sizeBytes, contentType: "" });
const as = <R>(owner: Owner, run: () => R) => core.actor.withActor(owner, run);
const create = (owner: Owner, sizes: number[]) =>
  as(owner, () => core.upload.create({ files: sizes.map(file) }));
const asSystem = <R>(run: () => R) => core.actor.withActor({ type: "system" }, run);

async function rows(ownerId: string) {
  const { Items = [] } = await core.table.client.send(
    new ScanCommand({ TableName: "rushes", ConsistentRead: true }),
  );
  const owned = Items.filter((row) => row.ownerId === ownerId);
  return {
    uploads: owned.flatMap((row) => (row.sk === "UPLOAD" ? [core.uploadRow.Row.parse(row)] : [])),
    jobs: owned.flatMap((row) => (row.sk === "JOB" ? [core.jobRow.parse(row)] : [])),
  };
}

/** Counts the rows: open uploads, and the sources of jobs that are not deleted. */
function count({ uploads, jobs }: Awaited<ReturnType<typeof rows>>) {
  const open = uploads.filter(({ status }) => status === "open" || status === "completing");
  const kept = jobs.flatMap((job) => (job.status === "deleted" ? [] : [job.source]));
  const bytes = [...open, ...kept].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { openUploads: open.length, bytes };
}

/** The event that the pipeline receives when the bytes of an upload or of another program are stored. */
function landed(key: string, sizeBytes: number, sequencer = "01") {
  const time = new Date().toISOString();
  const object = { bucket: "rushes-uploads", key, sizeBytes, etag: "e", sequencer, time };
  return asSystem(() => core.claim(object));
}

function expire(row: Row) {
  const time = { ...row.time, expires: new Date(0).toISOString() };
  return asSystem(() => core.upload.settle({ ...row, time }));
}

const Step = fc.record({
  act: fc.constantFrom("create", "complete", "remove", "expire", "land", "delete", "drop"),
  which: fc.nat(4),
  sizes: fc.array(fc.constantFrom(0, 1, MIB, 32 * MIB), { minLength: 1, maxLength: 4 }),
  /** The command at which the process dies, before or after it ran. Often none. */
  dies: fc.option(fc.record({ at: fc.nat(6), after: fc.boolean() })),
  /** Whether the operation runs twice concurrently. */
  twice: fc.boolean(),
});

test("counts exactly the stored bytes after repeated, concurrent and killed operations", async () => {
  const steps = fc.array(Step, { minLength: 5, maxLength: 12 });
  const holds = fc.asyncProperty(steps, async (all) => {
    const owner = newOwner();
    let now = await rows(owner.ownerId);
    for (const { act, which, sizes, dies, twice } of all) {
      const upload = now.uploads[which % Math.max(1, now.uploads.length)];
      const job = now.jobs[which % Math.max(1, now.jobs.length)];
      const take = async (): Promise<unknown> => {
        if (act === "create") return create(owner, sizes);
        if (act === "drop") return landed(`other/${which}`, sizes[0] ?? 0);
        if (act === "delete") return job && as(owner, () => core.job.remove(job.id));
        if (!upload) return undefined;
        if (act === "land") return landed(upload.key, upload.sizeBytes);
        if (act === "expire") return expire(upload);
        if (act === "remove") return as(owner, () => core.upload.remove(upload.id));
        return core.uploadRow.transition({ row: upload, to: "completing", now: Date.now() });
      };
      let commands = 0;
      const watch = (name: string) => {
        // An audit record. Losing one does not affect this count.
        if (name === "PutItemCommand" || commands++ !== dies?.at) return "go";
        return dies.after ? "die after" : "die before";
      };
      const done = await core.commands.watched(watch, () =>
        Promise.allSettled(twice ? [take(), take()] : [take()]),
      );
      for (const one of done) if (one.status === "rejected") expect(one.reason).toSatisfy(isMeant);
      now = await rows(owner.ownerId);
      expect(await core.usage.read(owner.ownerId)).toEqual(count(now));
      expect(count(now).openUploads).toBeLessThanOrEqual(MOST.maxOpenUploads);
    }
    const others = await rows(OWNER.ownerId);
    expect(await core.usage.read(OWNER.ownerId)).toEqual(count(others));
  });
  await fc.assert(holds, { numRuns: 12, endOnFailure: true });
});

const isMeant = (error: unknown) =>
  error instanceof core.commands.Killed || error instanceof core.VisibleError;

describe("a file that does not fit", () => {
  test("returns its own error and leaves nothing; the other files are accepted", async () => {
    const owner = newOwner();
    const before = await begun();
    const results = await create(owner, [90 * MIB, 120 * MIB, 1, 0, 90 * MIB, 1, 1, 1]);
    expect(results.map(({ error }) => error?.code)).toEqual([
      ...[undefined, "quota.bytes", undefined, "upload.empty"],
      ...[undefined, undefined, undefined, "quota.uploads"],
    ]);
    expect(results[1]?.error?.message).toBe(
      "This file is 126 MB, but only 115 MB of your 210 MB are free. Delete videos that you no longer need, then try again.",
    );
    expect(results[7]?.error?.message).toBe(
      "5 uploads are open, as many as you may have at once. Let one end or cancel one, then try again.",
    );
    expect((await begun()) - before).toBe(2);
    expect((await rows(owner.ownerId)).uploads).toHaveLength(5);
  });

  test("leaves nothing if a concurrent request was faster", async () => {
    const owner = newOwner();
    const before = await begun();
    const both = await Promise.all([1, 2, 3].map(() => create(owner, [90 * MIB, 90 * MIB])));
    const codes = both.flat().map(({ error }) => error?.code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(2);
    expect(codes.filter((code) => code === "quota.bytes")).toHaveLength(4);
    expect((await begun()) - before).toBe(2);
  });

  test("fits after another upload is aborted, expires or is deleted", async () => {
    const owner = newOwner();
    const [first] = await create(owner, [150 * MIB]);
    const isTaken = async () => (await create(owner, [150 * MIB]))[0]?.upload;
    expect(await isTaken()).toBeUndefined();
    await as(owner, () => core.upload.remove(first?.upload?.id ?? fail()));
    const second = (await isTaken()) ?? fail();
    await expire((await core.uploadRow.read(second.id)) ?? fail());
    const third = (await core.uploadRow.read(((await isTaken()) ?? fail()).id)) ?? fail();
    await landed(third.key, third.sizeBytes);
    expect(await isTaken()).toBeUndefined();
    const { jobId } = (await core.uploadRow.read(third.id)) ?? fail();
    await as(owner, () => core.job.remove(jobId ?? fail()));
    expect(await isTaken()).toBeDefined();
  });
});

test("releases a video's bytes once if it is deleted twice concurrently", async () => {
  const owner = newOwner();
  const [, second] = await create(owner, [5, 7]);
  const row = (await core.uploadRow.read(second?.upload?.id ?? "")) ?? fail();
  await Promise.all([1, 2].map(() => landed(row.key, row.sizeBytes)));
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 1, bytes: 12 });
  const { jobId = fail() } = (await core.uploadRow.read(row.id)) ?? fail();
  await as(owner, () => Promise.all([1, 2, 3].map(() => core.job.remove(jobId))));
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 1, bytes: 5 });
});

test("counts the bytes of an expired upload if they arrive late", async () => {
  const owner = newOwner();
  const [created] = await create(owner, [7]);
  const row = (await core.uploadRow.read(created?.upload?.id ?? "")) ?? fail();
  await expire(row);
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 0, bytes: 0 });
  await landed(row.key, row.sizeBytes);
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 0, bytes: 7 });
});

test("makes an upload's URL useless once the upload has become a job or has ended", async () => {
  const owner = newOwner();
  const [created] = await create(owner, [4]);
  const { id } = created?.upload ?? fail();
  const { url, method, headers } = created?.requests?.[0] ?? fail();
  const send = async (body: string) => (await fetch(url, { method, headers, body })).status;
  const event = async (seen: number) => {
    const fits = isObject("source-created", id);
    await core.deliver(await stack.event((one) => stack.events.indexOf(one) >= seen && fits(one)));
  };
  const kept = async () => {
    const Prefix = `${id}/`;
    const command = new ListObjectsV2Command({ Bucket: "rushes-uploads", Prefix });
    return (await core.storage.s3.send(command)).KeyCount;
  };
  expect(await send("one!")).toBe(200);
  await event(0);
  expect(await send("two!")).toBe(412);
  expect(await kept()).toBe(1);
  const { jobId = fail() } = (await core.uploadRow.read(id)) ?? fail();
  await as(owner, () => core.job.remove(jobId));
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 0, bytes: 0 });
  const seen = stack.events.length;
  expect(await send("six!")).toBe(200);
  await event(seen);
  expect(await kept()).toBe(0);
});

test("never counts below zero when rows from before the counting are deleted", async () => {
  const owner = newOwner();
  const job = jobRow({ ownerId: owner.ownerId });
  await fill([job]);
  await as(owner, () => core.job.remove(core.id(job.id)));
  expect(await as(owner, () => core.usage.info())).toMatchObject({ openUploads: 0, bytes: 0 });
});

test("returns the caller's usage and limits", async () => {
  const owner = newOwner();
  await create(owner, [7, 8]);
  expect(await as(owner, () => core.usage.info())).toEqual({
    ...{ openUploads: 2, bytes: 15, reservedBytes: 15 },
    ...{ maxOpenUploads: 5, maxBytes: 200 * MIB },
  });
});

test("counts a hundred files of one request one by one", async () => {
  const owner = newOwner();
  const results = await create(owner, Array<number>(100).fill(1));
  const rejected = results.filter(({ error }) => error?.code === "quota.uploads");
  expect(rejected).toHaveLength(95);
  expect(await core.usage.read(owner.ownerId)).toEqual({ openUploads: 5, bytes: 5 });
});

/** The number of open multipart uploads in S3. */
async function begun() {
  const { Uploads = [] } = await core.storage.s3.send(
    new ListMultipartUploadsCommand({ Bucket: "rushes-uploads" }),
  );
  return Uploads.length;
}

function fail(): never {
  throw new Error("It is not there.");
}
