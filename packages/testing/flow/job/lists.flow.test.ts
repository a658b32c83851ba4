import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { fill, jobRow } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
const START = Date.now() - 3_600_000;
const titles = Array.from({ length: 130 }, (_, at) => `${at % 2 ? "Été" : "winter"} ${at}.mp4`);

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  await fill(
    titles.map((title, at) =>
      jobRow({ title, status: at % 10 === 0 ? "error" : "complete", created: START + at * 1000 }),
    ),
  );
  await fill([jobRow({ title: "somebody else's", ownerId: "other" })]);
});
afterAll(() => stack.close());

async function everyPage(query: Parameters<typeof core.job.list>[0]) {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await core.asOwner(() => core.job.list({ ...query, cursor }));
    pages.push(page.jobs.map((job) => job.title));
    cursor = page.cursor;
  } while (cursor);
  return pages;
}

describe("a list", () => {
  test("shows every job of the owner once, newest first, and no other owner's", async () => {
    const pages = await everyPage({});
    expect(pages.map((page) => page.length)).toEqual([50, 50, 30]);
    expect(pages.flat()).toEqual([...titles].reverse());
  });

  test("filters by status, by words in any case, or by both", async () => {
    const errors = titles.filter((_, at) => at % 10 === 0);
    expect((await everyPage({ status: "error" })).flat()).toEqual([...errors].reverse());
    expect((await everyPage({ q: "éTÉ", limit: 40 })).flat()).toHaveLength(65);
    expect((await everyPage({ q: "wint", status: "error", limit: 5 })).flat().sort()).toEqual(
      [...errors].sort(),
    );
    expect((await everyPage({ q: "nothing" })).flat()).toEqual([]);
  });

  test("sorts by time or by name", async () => {
    expect((await everyPage({ sort: "oldest", limit: 60 })).flat()).toEqual(titles);
    const oldest = titles.filter((_, at) => at % 10 === 0);
    expect((await everyPage({ sort: "oldest", status: "error" })).flat()).toEqual(oldest);
    const byName = titles.map((title) => title.toLowerCase()).sort();
    expect(
      (await everyPage({ sort: "name", limit: 60 })).flat().map((one) => one.toLowerCase()),
    ).toEqual(byName);
  });

  test("counts the jobs of each status, and of a large one up to a limit", async () => {
    const counts = () => core.asOwner(() => core.job.counts(undefined));
    expect((await counts()).statuses).toMatchObject({ complete: 117, error: 13, canceled: 0 });
    const { statusPk } = core.table.index.status("local", "canceled", "");
    expect(await core.table.count({ index: "status", partition: statusPk }, 5)).toBe(0);
    const { statusPk: complete } = core.table.index.status("local", "complete", "");
    expect(await core.table.count({ index: "status", partition: complete }, 100)).toBe(100);
  });

  test("returns no empty page after a full last page", async () => {
    expect(await everyPage({ limit: 65 })).toHaveLength(2);
  });

  test("rejects the cursor of another list", async () => {
    const { cursor } = await core.asOwner(() => core.job.list({ limit: 1 }));
    const invalid = { code: "cursor.invalid" };
    await expect(core.asOwner(() => core.job.list({ q: "e", cursor }))).rejects.toMatchObject(
      invalid,
    );
    await expect(core.asOwner(() => core.job.list({ cursor: "e30" }))).rejects.toMatchObject(
      invalid,
    );
  });

  test("returns stable poster URLs, so that browsers cache them", async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => core.asOwner(() => core.job.list({ limit: 1 }))),
    );
    expect(one?.jobs[0]?.posterUrl).toBeDefined();
    expect(one?.jobs[0]?.posterUrl).toBe(two?.jobs[0]?.posterUrl);
  });

  test("requires an owner", async () => {
    await expect(core.job.list({})).rejects.toMatchObject({ code: "actor.required" });
  });
});

test("following the changes returns each change, with an overlap", async () => {
  const at = START + 100_000;
  const since = new Date(at + 5_000).toISOString();
  const { changes, more } = await core.asOwner(() => core.job.changedSince({ since }));
  expect(more).toBe(false);
  expect(changes).toHaveLength(30);
});

test("returns all changes over several responses", async () => {
  const moment = Date.now() + 10_000;
  await fill(
    Array.from({ length: 450 }, (_, number) => jobRow({ title: "many", created: moment + number })),
  );
  const seen = new Set<string>();
  let since = new Date(moment + 5_000).toISOString();
  for (let more = true; more; ) {
    const page = await core.asOwner(() => core.job.changedSince({ since }));
    for (const change of page.changes) if (change.type === "job") seen.add(change.job.id);
    since = page.nextSince;
    more = page.more;
  }
  expect(seen.size).toBe(450);
});

describe("a stale upload", () => {
  async function due(id: string, fields: { expires?: string } = {}) {
    const past = new Date(Date.now() - 1000).toISOString();
    await core.table.client.send(
      new UpdateCommand({
        TableName: "rushes",
        Key: core.table.key.upload(id),
        UpdateExpression: "SET dueSk = :due, #time.#expires = :expires",
        ExpressionAttributeNames: { "#time": "time", "#expires": "expires" },
        ExpressionAttributeValues: {
          ":due": `${past}#${id}`,
          ":expires": fields.expires ?? past,
        },
      }),
    );
  }
  async function start() {
    const file = { name: "big.mov", sizeBytes: 40 * 1024 ** 2, contentType: "video/quicktime" };
    const [created] = await core.asOwner(() => core.upload.create({ files: [file] }));
    if (!created?.upload) throw new Error("It was rejected.");
    return created;
  }

  test("expires, and its parts are deleted", async () => {
    const { upload, requests } = await start();
    const [first] = requests;
    if (!first) throw new Error("There is nothing to send.");
    const body = new Uint8Array(first.sizeBytes);
    expect((await fetch(first.url, { method: "PUT", body })).status).toBe(200);
    expect(await core.asOwner(() => core.upload.parts(upload.id))).toHaveLength(1);
    await due(upload.id);
    await core.reconcile();
    expect((await core.asOwner(() => core.upload.fromId(upload.id))).status).toBe("expired");
    expect(await core.asOwner(() => core.upload.parts(upload.id))).toEqual([]);
    expect((await fetch(first.url, { method: "PUT", body })).status).toBe(404);
    expect(await core.asOwner(() => core.upload.list({ status: "open" }))).toEqual({ uploads: [] });
  });

  test("is completed if all parts arrived", async () => {
    const { upload, requests } = await start();
    for (const { url, sizeBytes } of requests) {
      await fetch(url, { method: "PUT", body: new Uint8Array(sizeBytes) });
    }
    const row = await core.table.get(core.table.key.upload(upload.id));
    await core.table.client.send(
      new PutCommand({ TableName: "rushes", Item: { ...row, status: "completing" } }),
    );
    await due(upload.id, { expires: new Date(Date.now() + 60_000).toISOString() });
    await core.reconcile();
    await stack.event((one) => "queue" in one && one.body.includes(upload.id));
  });

  test("of a forbidden size does not start", async () => {
    const files = [0, 200 * 1024 ** 3].map((sizeBytes) => ({
      name: "a.mp4",
      sizeBytes,
      contentType: "",
    }));
    const answers = await core.asOwner(() => core.upload.create({ files }));
    expect(answers.map((one) => one.error?.code)).toEqual(["upload.empty", "upload.too_large"]);
  });
});
