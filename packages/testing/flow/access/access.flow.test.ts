/** Calls every operation of the core as every kind of actor. operations.table.ts says who may. */
import type { Actor } from "@rushes/core/actor";
import * as Id from "@rushes/core/id";
import { JPEG } from "@rushes/testing/jpeg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fill, jobRow, withSource } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";
import { actorOf, expected, KINDS, someone } from "./actors.ts";
import { loadOperations } from "./modules.ts";
import { NEEDS } from "./operations.table.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadOperations>>;

/** The owner of all records, and a second user for admin operations. */
const id = { owner: "", somebody: "" };

beforeAll(async () => {
  stack = await startStack();
  process.env.SST_RESOURCE_DeadLetters = JSON.stringify({ queues: [] });
  core = await loadOperations();
  for (const name of ["owner", "somebody"] as const)
    id[name] = (await system(() => signIn(name))).id;
});
afterAll(() => stack.close());

const as = <R>(actor: Actor, run: () => R) => core.withActor(actor, run);
const system = <R>(run: () => R) => as({ type: "system" }, run);
const signIn = (subject: string) =>
  core.User.signIn({
    issuer: "https://issuer.example",
    subject,
    groups: [],
    email: `${subject}@example.com`,
    emailVerified: true,
  });

/** The owner's records, each created on first use, or ids of records that never existed. */
type Key = { pk: string; sk: string };
interface Things {
  job(isRunning?: boolean): Promise<Id.JobId>;
  upload(): Promise<Id.UploadId>;
  captions(): Promise<{ jobId: Id.JobId; id: Id.CaptionsId }>;
  share(): Promise<{ id: Id.ShareId; address: string }>;
  session(): Promise<string>;
  token(): Promise<Id.TokenId>;
}

function owned(keys: Key[] = []): Things {
  const { key } = core.Table;
  const things: Things = {
    async job(isRunning = false) {
      const row = jobRow({ ownerId: id.owner, status: isRunning ? "received" : "complete" });
      await fill([await withSource(row)]);
      keys.push(key.job(row.id));
      return row.id;
    },
    async upload() {
      const [made] = await as(someone(id.owner), () => core.Upload.create({ files: [file] }));
      const [request] = made?.requests ?? [];
      if (!made?.upload || !request) throw new Error("The upload was rejected.");
      await fetch(request.url, { method: "PUT", headers: request.headers, body: "hello" });
      keys.push(key.upload(made.upload.id));
      return made.upload.id;
    },
    async captions() {
      const jobId = await things.job();
      const { id: made } = await as(someone(id.owner), () =>
        core.Captions.add({ jobId, ...captionsFile }),
      );
      keys.push(key.captions(jobId, made));
      return { jobId, id: made };
    },
    async share() {
      const jobId = await things.job();
      const made = await as(someone(id.owner), () => core.Share.create({ jobId, origins: [] }));
      keys.push(key.share(made.id));
      return { id: made.id, address: made.url.split("/").at(-1) ?? "" };
    },
    async session() {
      const { cookie } = await system(() => core.Session.create({ ownerId: id.owner }));
      const resumed = await core.Session.resume(cookie);
      keys.push(key.session(resumed?.session.id ?? ""));
      return resumed?.session.id ?? "";
    },
    async token() {
      const input = { name: "a token", scopes: ["read" as const], expiresInDays: 1 };
      const { token, secret } = await as(someone(id.owner), () => core.Token.create(input));
      keys.push(key.token(core.Secret.hashOf(secret)));
      return token.id;
    },
  };
  return things;
}

const missing: Things = {
  job: async () => Id.create.job(),
  upload: async () => Id.create.upload(),
  captions: async () => ({ jobId: Id.create.job(), id: Id.create.captions() }),
  share: async () => ({ id: Id.create.share(), address: "none" }),
  session: async () => "A".repeat(43),
  token: async () => Id.create.token(),
};

/** Creates what an operation needs, and returns a function that calls the operation. */
type Prepare = (things: Things) => Promise<() => Promise<unknown>>;
const just = (run: () => Promise<unknown>): Prepare => {
  return async () => run;
};
const video = (run: (of: Id.JobId) => Promise<unknown>, isRunning = false): Prepare => {
  return async (things) => run.bind(undefined, await things.job(isRunning));
};
const upload = (run: (of: Id.UploadId) => Promise<unknown>): Prepare => {
  return async (things) => run.bind(undefined, await things.upload());
};
const captions = (
  run: (of: { jobId: Id.JobId; id: Id.CaptionsId }) => Promise<unknown>,
): Prepare => {
  return async (things) => run.bind(undefined, await things.captions());
};
const captionsFile = {
  language: "en",
  file: Buffer.from("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"),
};
const file = { name: "a.mp4", sizeBytes: 5, contentType: "video/mp4" };
const object = {
  ...{ bucket: "rushes-uploads", sizeBytes: 0, etag: "0", sequencer: "0" },
  time: "2026-01-01T00:00:00.000Z",
};
const guess = { kind: "sign-in", of: "somebody", max: 1000, windowSeconds: 60, now: 0 } as const;

const CALLS: Record<string, Prepare> = {
  "pipeline/reconcile.run": just(() => core.Reconcile.run()),
  "upload.create": just(() => core.Upload.create({ files: [file] })),
  "upload.list": just(() => core.Upload.list({ status: "open" })),
  "upload.fromId": upload((of) => core.Upload.fromId(of)),
  "upload.parts": upload((of) => core.Upload.parts(of)),
  "upload.remove": upload((of) => core.Upload.remove(of)),
  "upload.sign": upload((of) => core.Upload.sign({ id: of })),
  "upload.complete": upload((of) => core.Upload.complete(of)),
  "upload.settle": async (things) => {
    const row = core.UploadRow.parse(
      await core.Table.get(core.Table.key.upload(await things.upload())),
    );
    return () => core.Upload.settle(row);
  },
  "job.list": just(() => core.Job.list({})),
  "job.counts": just(() => core.Job.counts(undefined)),
  "job.changedSince": just(() => core.Job.changedSince({ since: new Date().toISOString() })),
  "job.details": video((of) => core.Job.details(of)),
  "job.rename": video((of) => core.Job.rename({ id: of, title: "Renamed" })),
  "job.tag": video((of) => core.Job.tag({ id: of, add: ["new"] })),
  "job.cancel": video((of) => core.Job.cancel(of), true),
  "job.requireReachable": video((of) => core.Job.requireReachable(of, "manage")),
  "captions.list": video((of) => core.Captions.list(of)),
  "captions.add": video((jobId) => core.Captions.add({ jobId, ...captionsFile })),
  "captions.update": captions((of) => core.Captions.update({ ...of, name: "Renamed" })),
  "captions.remove": captions((of) => core.Captions.remove(of)),
  "poster.choose": video((jobId) => core.Poster.choose({ jobId, file: JPEG })),
  "poster.reset": video((of) => core.Poster.reset(of)),
  "playback.create": video((of) => core.Playback.create(of)),
  "share.create": video((jobId) => core.Share.create({ jobId, origins: [] })),
  "share.list": video((of) => core.Share.list(of)),
  "share.remove": async (things) => {
    const share = await things.share();
    return () => core.Share.remove(share.id);
  },
  "share.open": async (things) => {
    const { address } = await things.share();
    return () => core.Share.open({ address });
  },
  "share.preview": just(() => core.Share.preview("none")),
  "share.framesOf": just(() => core.Share.framesOf("none")),
  "user.me": just(() => core.User.me()),
  "user.list": just(() => core.User.list()),
  "user.fromId": just(() => core.User.fromId(id.somebody)),
  "user.update": just(() => core.User.update({ id: id.somebody, disabled: false })),
  "user.demote": just(() => core.User.demote(id.somebody)),
  "user.signIn": just(() => signIn("new")),
  "session.list": just(() => core.Session.list()),
  "session.end": just(() => core.Session.end()),
  "session.endById": async (things) => {
    const of = await things.session();
    return () => core.Session.endById(of);
  },
  "user.mailSuppression": just(() => core.User.mailSuppression()),
  "user.unsuppressMail": just(() => core.User.unsuppressMail()),
  "user.unsuppressMailOf": just(() => core.User.unsuppressMailOf(id.somebody)),
  "user.mailSuppressions": just(() => core.User.mailSuppressions(["ann@example.com"])),
  "session.endAll": just(() => core.Session.endAll(id.somebody)),
  "session.create": just(() => core.Session.create({ ownerId: id.somebody })),
  "session.resume": just(() => core.Session.resume("none")),
  "token.create": just(() =>
    core.Token.create({ name: "a token", scopes: ["read"], expiresInDays: 1 }),
  ),
  "token.list": just(() => core.Token.list()),
  "token.remove": async (things) => {
    const of = await things.token();
    return () => core.Token.remove(of);
  },
  "token.resolve": just(() => core.Token.resolve("none")),
  "access-key.create": just(() => core.AccessKey.create({ name: "a key" })),
  "access-key.list": just(() => core.AccessKey.list()),
  "access-key.remove": async () => {
    const { key } = await as(actorOf("admin", "") ?? someone(""), () =>
      core.AccessKey.create({ name: "a key" }),
    );
    return () => core.AccessKey.remove(key.id);
  },
  "usage.info": just(() => core.Usage.info()),
  "audit.list": just(() => core.Audit.list({ day: "2026-01-01" })),
  "audit.recordAccess": just(() =>
    core.Audit.recordAccess({ action: "job.opened", target: "job_1", owner: id.somebody }),
  ),
  "audit.record": just(() => core.Audit.record({ action: "signin.refused" })),
  "deployment.list": just(() => core.Deployment.list()),
  "deployment.record": just(() =>
    core.Deployment.record({ stage: "test", version: "1.2.3", commit: "c0ffee1" }),
  ),
  "dead-letter.list": just(() => core.DeadLetter.list()),
  // There are no queues here, so callers with access get an error about the queue, which counts as done.
  "dead-letter.redrive": just(() => core.DeadLetter.redrive({ queue: "none" }).catch(noQueue)),
  "limit.take": just(() => core.Limit.take(guess)),
  "limit.tryTake": just(() => core.Limit.tryTake(guess)),
  "limit.giveBack": just(() => core.Limit.giveBack(guess)),
  "pipeline/retry.retry": video((of) => core.Retry.retry(of)),
  "pipeline/remove.remove": video((of) => core.Remove.remove(of)),
  "pipeline/remove.removeMany": just(() => core.Remove.removeMany([])),
  "pipeline/receive.receive": just(() => core.Receive.receive({ ...object, key: "a folder/" })),
  "pipeline/land.land": just(() => core.Land.land({ ...object, key: "none" })),
  "pipeline/progress.applyUpdate": just(() =>
    core.Progress.applyUpdate({
      ...{ type: "progress", jobId: Id.create.job(), attempt: 1 },
      ...{ encoderJobId: "1-a", percent: 1 },
    }),
  ),
  "pipeline/notify.send": just(() => core.Notify.send({ jobId: Id.create.job(), attempt: 1 })),
  "pipeline/feedback.recordFeedback": just(() => {
    const of = { jobId: Id.create.job(), attempt: 1, addresses: [] };
    return core.Feedback.recordFeedback({
      ...of,
      type: "mail.delivered",
      time: new Date().toISOString(),
    });
  }),
};

function noQueue(error: unknown): void {
  if (codeOf(error) !== "queue.not_found") throw error;
}

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

/** The outcome of an operation for an actor, and the AWS commands that it sends. */
async function outcomeOf(actor: Actor | undefined, run: () => Promise<unknown>) {
  const commands: string[] = [];
  const watch = (name: string) => {
    commands.push(name);
    return "go" as const;
  };
  const answer = await core.watched(watch, () =>
    (actor ? as(actor, run) : run()).then(
      () => ({ code: "done", message: "" }),
      (error: unknown) => ({ code: codeOf(error), message: String(error) }),
    ),
  );
  return { ...answer, commands: commands.sort() };
}

const lines = Object.entries(NEEDS).flatMap(([module, needs]) =>
  Object.entries(needs).map(([name, need]) => [`${module}.${name}`, need] as const),
);
describe("access", () => {
  const asking = lines.filter(([, need]) => need !== "pure" && need !== "inside");
  test.each(asking)("%s: %s", async (name, need) => {
    const prepare = CALLS[name];
    if (!prepare) throw new Error("Say how it is called.");
    const keys: Key[] = [];
    const run = await prepare(owned(keys));
    const rows = () => Promise.all(keys.map((key) => core.Table.get(key)));
    const before = await rows();
    for (const kind of KINDS) {
      const actor = actorOf(kind, id.owner);
      const wanted = expected(need, actor, id.owner);
      const isDone = wanted.test("done");
      const answer = await outcomeOf(actor, isDone ? await prepare(owned()) : run);
      expect(answer.code, kind).toMatch(wanted);
      // The actor is checked first.
      if (answer.code.startsWith("actor.")) expect(answer.commands, kind).toEqual([]);
      // Another user's record gets the same error as a missing one, after the same work.
      if (answer.code.endsWith(".not_found")) {
        expect(await outcomeOf(actor, await prepare(missing)), kind).toEqual(answer);
      }
    }
    expect(await rows()).toEqual(before);
  });
});
