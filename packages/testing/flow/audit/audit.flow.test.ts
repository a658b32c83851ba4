import type { Owner } from "@rushes/core/actor";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { OWNER } from "../../owner.ts";
import { fill, jobRow, withSource } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

const DAY = "2031-05-06";
const admin: Owner = { ...OWNER, role: "admin", via: "session", credentialId: "ses_1" };

let stack: Stack;
let Audit: typeof import("@rushes/core/audit/index");
let Actor: typeof import("@rushes/core/actor");
let Request: typeof import("@rushes/core/request");
let Table: typeof import("@rushes/core/table/index");

beforeAll(async () => {
  stack = await startStack();
  [Audit, Actor, Request, Table] = await Promise.all([
    import("@rushes/core/audit/index"),
    import("@rushes/core/actor"),
    import("@rushes/core/request"),
    import("@rushes/core/table/index"),
  ]);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
afterAll(() => stack.close());

const at = (time: string) => vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(time) });
const asAdmin = <R>(run: () => R) => Actor.withActor(admin, run);
const listed = async (input: Parameters<typeof Audit.list>[0]) => asAdmin(() => Audit.list(input));

test("records actor, action, target, client and time of an event for 400 days", async () => {
  at(`${DAY}T10:00:00.000Z`);
  await Request.withRequest({ address: "192.0.2.7", agent: "test" }, () =>
    asAdmin(() => Audit.record({ action: "job.deleted", target: "job_1", detail: { bytes: 5 } })),
  );
  const { events } = await listed({ day: DAY });
  expect(events).toEqual([
    {
      ...{ id: expect.stringMatching(/^aud_/), time: `${DAY}T10:00:00.000Z` },
      ...{ action: "job.deleted", target: "job_1", detail: { bytes: 5 } },
      ...{ ownerId: admin.ownerId, email: admin.email, via: "session", credentialId: "ses_1" },
      address: "192.0.2.7",
    },
  ]);
  const [{ time = "", id = "" } = {}] = events;
  const row = await Table.get(Table.key.audit(time, id));
  expect(row?.ttl).toBe(Date.parse(`${DAY}T10:00:00.000Z`) / 1000 + 400 * 86_400);
});

test("records a rejected sign-in without a user, under the submitted name", async () => {
  at("2031-05-07T10:00:00.000Z");
  await Audit.record({ action: "signin.refused", as: { email: "x@example.com" } });
  await Audit.record({ action: "signout" });
  const { events } = await listed({ day: "2031-05-07" });
  const seen = events.map(({ action, ownerId, email }) => ({ action, ownerId, email }));
  expect(seen).toContainEqual({
    action: "signin.refused",
    ownerId: undefined,
    email: "x@example.com",
  });
  expect(seen).toContainEqual({ action: "signout", ownerId: undefined, email: undefined });
});

test("lists the events of one day page by page, newest first, each once", async () => {
  for (let second = 0; second < 7; second += 1) {
    at(`2031-05-08T10:00:0${second}.000Z`);
    await asAdmin(() => Audit.record({ action: "job.renamed", target: String(second) }));
  }
  at("2031-05-09T00:00:00.000Z");
  await asAdmin(() => Audit.record({ action: "job.renamed", target: "tomorrow" }));
  const pages: (string | undefined)[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listed({ day: "2031-05-08", limit: 3, cursor });
    pages.push(page.events.map((one) => one.target));
    cursor = page.cursor;
  } while (cursor);
  expect(pages).toEqual([["6", "5", "4"], ["3", "2", "1"], ["0"]]);
});

test("rejects the cursor of another day", async () => {
  at("2031-05-10T10:00:00.000Z");
  await asAdmin(() => Audit.record({ action: "job.renamed" }));
  await asAdmin(() => Audit.record({ action: "job.renamed" }));
  const { cursor } = await listed({ day: "2031-05-10", limit: 1 });
  expect(cursor).toBeDefined();
  const invalid = { code: "cursor.invalid" };
  await expect(listed({ day: "2031-05-11", cursor })).rejects.toMatchObject(invalid);
});

test("requires a signed-in admin", async () => {
  const asked = (actor: Owner) => Actor.withActor(actor, () => Audit.list({ day: DAY }));
  await expect(asked({ ...admin, role: "member" })).rejects.toMatchObject({ code: "actor.admin" });
  await expect(asked({ ...admin, via: "token" })).rejects.toMatchObject({ code: "actor.person" });
  await expect(Audit.list({ day: DAY })).rejects.toMatchObject({ code: "actor.required" });
});

test("records actions on uploads and jobs with the owner", async () => {
  const [Upload, Job, Id, { retry }, { remove }] = await Promise.all([
    import("@rushes/core/upload/index"),
    import("@rushes/core/job/index"),
    import("@rushes/core/id"),
    import("@rushes/core/pipeline/retry"),
    import("@rushes/core/pipeline/remove"),
  ]);
  const row = await withSource(jobRow({ ownerId: "own_anna", status: "received" }));
  await fill([row]);
  const id = Id.JobId.parse(row.id);
  const files = [{ name: "a.mp4", sizeBytes: 5, contentType: "video/mp4" }];
  const [created] = await asAdmin(() => Upload.create({ files }));
  const uploadId = created?.upload?.id ?? Id.create.upload();
  const bob: Owner = { ...admin, ownerId: "own_bob" };
  await Actor.withActor(bob, () => Upload.remove(uploadId));
  await asAdmin(async () => {
    await Job.rename({ id, title: "new" });
    await Job.cancel(id);
    await retry(id);
    await remove(id);
    await remove(id);
  });
  // With the real clock, which the signatures need. Midnight may have passed meanwhile.
  const days = [row.time.created, new Date().toISOString()].map((time) => time.slice(0, 10));
  const pages = await Promise.all([...new Set(days)].map((day) => listed({ day })));
  const seen = pages
    .flatMap((page) => page.events)
    .map(({ action, target, detail }) => [action, target, detail?.owner]);
  expect(seen.sort()).toEqual([
    ["job.canceled", id, "own_anna"],
    ["job.deleted", id, "own_anna"],
    ["job.renamed", id, "own_anna"],
    ["job.retried", id, "own_anna"],
    ["upload.created", uploadId, undefined],
    ["upload.removed", uploadId, admin.ownerId],
  ]);
});

test("records an admin's access to another user's videos once a day", async () => {
  const Job = await import("@rushes/core/job/index");
  const [row, ownRow] = [jobRow({ ownerId: "own_anna" }), jobRow({ ownerId: admin.ownerId })];
  await fill([row, ownRow]);
  const open = async () => {
    await Promise.all([Job.details(row.id), Job.details(row.id), Job.details(ownRow.id)]);
    await Job.list({});
    await Job.list({ owner: "own_anna" });
    await Job.changedSince({ owner: "own_anna", since: row.time.created });
  };
  const once = [
    ["job.opened", row.id],
    ["videos.listed", "own_anna"],
  ];
  for (const day of ["2031-06-01", "2031-06-02"]) {
    for (const hour of ["10", "11"]) {
      at(`${day}T${hour}:00:00.000Z`);
      await asAdmin(open);
    }
    const { events } = await listed({ day });
    expect(events.map(({ action, target }) => [action, target]).sort()).toEqual(once);
    expect(events.map(({ detail }) => detail)).toEqual([
      { owner: "own_anna" },
      { owner: "own_anna" },
    ]);
  }
});

test("grants no access without an audit event, and revokes access even if the event cannot be written", async () => {
  vi.spyOn(Table.client, "send").mockRejectedValue(new Error("throttled"));
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(Audit.record({ action: "signin" })).rejects.toThrow("throttled");
  await expect(Audit.record({ action: "share.created" })).rejects.toThrow("throttled");
  expect(log).not.toHaveBeenCalled();
  await Audit.record({ action: "share.revoked", target: "shr_1" });
  await Audit.record({ action: "job.deleted", target: "job_1" });
  expect(log.mock.calls.flat().join("")).toContain("lacks job.deleted of job_1: Error: throttled");
});
