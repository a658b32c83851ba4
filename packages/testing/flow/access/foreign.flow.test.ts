/** Another user's records get the same response as missing ones, after the same work. */

import type { Owner } from "@rushes/core/actor";
import * as Id from "@rushes/core/id";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { OWNER } from "../../owner.ts";
import { fill, jobRow } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

const MIB = 1024 ** 2;
const SHARED = { origins: [] };

let stack: Stack;
let core: Awaited<ReturnType<typeof load>>;

async function load() {
  const all = await loadCore();
  const [actor, share, row, commands] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/share/index"),
    import("@rushes/core/job/row"),
    import("../../commands.ts"),
  ]);
  return { ...all, ...actor, share, row, commands };
}

const person = (ownerId: string, fields: Partial<Owner> = {}): Owner => ({
  ...OWNER,
  ...{ ownerId, via: "session" },
  ...fields,
});
const [HERS, OTHER] = [person("own_hers"), person("own_other")];
const ADMIN = person("own_admin", { role: "admin" });
const TOKEN = person("own_admin", { via: "token" });

beforeAll(async () => {
  stack = await startStack();
  core = await load();
});
afterAll(() => stack.close());

/** The outcome of an operation, and every AWS command that it sends. */
async function outcomeOf(actor: Owner, run: () => Promise<unknown>) {
  const commands: string[] = [];
  const watch = (name: string) => {
    commands.push(name);
    return "go" as const;
  };
  const answer = await core.commands.watched(watch, () =>
    core.withActor(actor, run).then(
      () => ({ code: "none", message: "It was done." }),
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    ),
  );
  return { ...answer, commands: commands.sort() };
}

type OfJob = (id: Id.JobId) => Promise<unknown>;
const OF_JOBS: [string, OfJob][] = [
  ["details", (id) => core.job.details(id)],
  ["playback", (id) => core.playback.create(id)],
  ["rename", (id) => core.job.rename({ id, title: "Mine now" })],
  ["tag", (id) => core.job.tag({ id, add: ["mine"] })],
  ["retry", (id) => core.job.retry(id)],
  ["cancel", (id) => core.job.cancel(id)],
  ["remove", (id) => core.job.remove(id)],
  ["shares", (id) => core.share.list(id)],
  ["share", (jobId) => core.share.create({ jobId, ...SHARED })],
];
type OfUpload = (id: Id.UploadId) => Promise<unknown>;
const OF_UPLOADS: [string, OfUpload][] = [
  ["get", (id) => core.upload.fromId(id)],
  ["sign", (id) => core.upload.sign({ id, partNumbers: [1] })],
  ["parts", (id) => core.upload.parts(id)],
  ["complete", (id) => core.upload.complete(id)],
  ["remove", (id) => core.upload.remove(id)],
];

async function video(fields: Parameters<typeof jobRow>[0] = {}): Promise<Id.JobId> {
  const row = jobRow({ ownerId: HERS.ownerId, ...fields });
  await fill([row]);
  return row.id;
}

async function uploadOf(actor: Owner) {
  const files = [{ name: "a.mp4", sizeBytes: 40 * MIB, contentType: "video/mp4" }];
  const [created] = await core.withActor(actor, () => core.upload.create({ files }));
  if (!created?.upload) throw new Error("It was rejected.");
  return created.upload.id;
}

describe("to another member or to another member's token, a", () => {
  test.each(OF_JOBS)("video answers %s like a missing one, after the same work", async (_, run) => {
    const deleted = await video();
    await core.withActor(HERS, () => core.job.remove(deleted));
    for (const actor of [OTHER, TOKEN]) {
      const missing = await outcomeOf(actor, () => run(Id.create.job()));
      expect(missing.code).toMatch(/^(job\.not_found|actor\.person)$/);
      for (const id of [await video(), await video({ status: "received" }), deleted]) {
        expect(await outcomeOf(actor, () => run(id))).toEqual(missing);
      }
    }
  });

  test.each(OF_UPLOADS)("upload answers %s like a missing one", async (_, run) => {
    const [open, removed] = [await uploadOf(HERS), await uploadOf(HERS)];
    await core.withActor(HERS, () => core.upload.remove(removed));
    for (const actor of [OTHER, TOKEN]) {
      const missing = await outcomeOf(actor, () => run(Id.create.upload()));
      expect(missing).toMatchObject({ code: "upload.not_found", commands: ["GetItemCommand"] });
      for (const id of [open, removed])
        expect(await outcomeOf(actor, () => run(id))).toEqual(missing);
    }
  });

  test("share link answers like a missing one", async () => {
    const jobId = await video();
    const { id } = await core.withActor(HERS, () => core.share.create({ jobId, ...SHARED }));
    const remove = (of: Id.ShareId) => outcomeOf(OTHER, () => core.share.remove(of));
    expect(await remove(id)).toEqual(await remove(Id.create.share()));
  });
});

describe("a signed-in admin", () => {
  test("reads and removes the videos and uploads of all users, but uploads nothing for them", async () => {
    const [jobId, uploadId] = [await video(), await uploadOf(HERS)];
    const as = <R>(run: () => R) => core.withActor(ADMIN, run);
    expect((await as(() => core.job.details(jobId))).job.id).toBe(jobId);
    expect((await as(() => core.upload.fromId(uploadId))).id).toBe(uploadId);
    expect(await as(() => core.upload.parts(uploadId))).toEqual([]);
    const missing = { code: "upload.not_found" };
    await expect(as(() => core.upload.sign({ id: uploadId }))).rejects.toMatchObject(missing);
    await expect(as(() => core.upload.complete(uploadId))).rejects.toMatchObject(missing);
    await as(() => core.upload.remove(uploadId));
    await as(() => core.job.remove(jobId));
    await expect(core.withActor(HERS, () => core.job.details(jobId))).rejects.toMatchObject({
      code: "job.not_found",
    });
    expect((await core.withActor(HERS, () => core.upload.fromId(uploadId))).status).toBe("aborted");
  });

  test("lists and follows another user's videos and uploads, which no other role can", async () => {
    const since = new Date().toISOString();
    const [jobId, uploadId] = [await video(), await uploadOf(HERS)];
    const owner = HERS.ownerId;
    const lists: (() => Promise<string[]>)[] = [
      async () => (await core.job.list({ owner })).jobs.map((job) => job.id),
      async () => {
        const { changes } = await core.job.changedSince({ owner, since });
        return changes.map((one) => (one.type === "job" ? one.job.id : one.id));
      },
      async () => (await core.upload.list({ owner, status: "open" })).uploads.map(({ id }) => id),
    ];
    for (const list of lists) {
      const ids = await core.withActor(ADMIN, list);
      expect(ids.includes(jobId) || ids.includes(uploadId)).toBe(true);
      expect(await core.withActor(HERS, list)).toEqual(ids);
      for (const actor of [OTHER, TOKEN, { ...TOKEN, role: "admin" as const }]) {
        const answer = await outcomeOf(actor, list);
        expect(answer).toMatchObject({ code: "actor.admin", commands: [] });
      }
    }
  });
});
