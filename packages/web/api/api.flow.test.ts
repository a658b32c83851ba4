// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { loadCore } from "@rushes/testing/core";
import { isObject } from "@rushes/testing/events";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { described } from "./testing/described.ts";

const MIB = 1024 ** 2;
const UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;

beforeAll(async () => {
  stack = await startStack({ maxSizeBytes: 10 * 1024 ** 3 });
  core = await loadCore();
  ({ app } = await import("./app.ts"));
});
afterAll(() => stack.close());

type Signed = { url: string; headers: Record<string, string>; partNumber: number };

/** Sends one request as a program does, and checks what must hold for every response. */
async function raw(path: string, init: RequestInit = {}) {
  const url = path.startsWith("http") ? path : `http://127.0.0.1:3000/api${path}`;
  const response = await app.request(url, init);
  const text = await response.text();
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(text).not.toMatch(/node_modules|\.ts:\d|ZodError/);
  const body = text === "" ? undefined : JSON.parse(text);
  const schema = described(app, init.method ?? "GET", new URL(url).pathname, response.status);
  // Parsing strips undocumented fields, so this checks that the response has exactly the documented ones.
  if (schema) expect(schema.parse(body)).toEqual(body);
  if (response.status >= 400) {
    expect(Object.keys(body).sort()).toEqual(["code", "message"]);
    expect(body.message).toMatch(/\w/);
  }
  return { status: response.status, body };
}

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  if (body === undefined) return raw(path, { method, headers });
  const json = { "content-type": "application/json", ...headers };
  return raw(path, { method, headers: json, body: JSON.stringify(body) });
}

const file = (fields: { name?: string; sizeBytes?: number; contentType?: string } = {}) => ({
  name: "clip.mp4",
  sizeBytes: 5,
  contentType: "video/mp4",
  ...fields,
});

/** Creates an upload, with its first requests. */
async function newUpload(fields: Parameters<typeof file>[0] = {}) {
  const { status, body } = await call("POST", "/uploads", { files: [file(fields)] });
  expect(status).toBe(201);
  const [{ upload, requests }] = body.results;
  return { id: String(upload.id), upload, requests: requests as Signed[] };
}

const send = (request: Signed | undefined, body: BodyInit) =>
  fetch(request?.url ?? "", { method: "PUT", headers: request?.headers, body });

const refused = (status: number, code: string, says: RegExp = /./) => ({
  status,
  body: { code, message: expect.stringMatching(says) },
});

describe("creating uploads", () => {
  test("takes a hundred files in one request, in their order", async () => {
    const files = Array.from({ length: 100 }, (_, at) => file({ name: `${at}.mp4` }));
    const { status, body } = await call("POST", "/uploads", { files });
    expect(status).toBe(201);
    const names = body.results.map((one: { upload: { fileName: string } }) => one.upload.fileName);
    expect(names).toEqual(files.map((one) => one.name));
  });

  test("rejects more than a hundred files and none, and names the field", async () => {
    const files = Array.from({ length: 101 }, () => file());
    const invalid = refused(400, "request.invalid", /files/);
    expect(await call("POST", "/uploads", { files })).toMatchObject(invalid);
    expect(await call("POST", "/uploads", { files: [] })).toMatchObject(invalid);
  });

  test("accepts the other files if one is rejected", async () => {
    const files = [file({ sizeBytes: 0 }), file(), file({ sizeBytes: 11 * 1024 ** 3 })];
    const { status, body } = await call("POST", "/uploads", { files });
    expect(status).toBe(201);
    expect(body.results).toMatchObject([
      { error: { code: "upload.empty" } },
      { upload: { status: "open", plan: { kind: "single" } }, requests: [{ method: "PUT" }] },
      { error: { code: "upload.too_large", message: expect.stringContaining("10.7 GB") } },
    ]);
  });

  test.each([
    ["a size that is no whole number", { sizeBytes: 1.5 }, /files\.0\.sizeBytes/],
    ["a size below zero", { sizeBytes: -1 }, /files\.0\.sizeBytes/],
    ["no name", { name: "" }, /files\.0\.name/],
    ["a type that would break the header", { contentType: "a\r\nb: c" }, /files\.0\.contentType/],
  ])("rejects %s", async (_, fields, says) => {
    const answer = await call("POST", "/uploads", { files: [file(fields)] });
    expect(answer).toMatchObject(refused(400, "request.invalid", says));
  });
});

describe("an upload with a single request", () => {
  test("is completed by the S3 event, and then has a job", async () => {
    const { id, requests } = await newUpload({ name: "note.mp4" });
    const early = await call("POST", `/uploads/${id}/complete`);
    expect(early).toMatchObject(refused(409, "upload.incomplete"));

    expect((await send(requests[0], "hello")).status).toBe(200);
    const asked = await call("POST", `/uploads/${id}/complete`);
    expect(asked).toMatchObject({ status: 202, body: { upload: { id, status: "completing" } } });

    await core.deliver(await stack.event(isObject("source-created", id)));
    const { body } = await call("GET", `/uploads/${id}`);
    expect(body.upload).toMatchObject({ status: "completed", jobId: expect.any(String) });
    const job = await call("GET", `/jobs/${body.upload.jobId}`);
    expect(job.body).toMatchObject({ job: { uploadId: id, status: "rejected" }, renditions: [] });
    expect(job.body.job.failureMessage).toMatch(/not a video/);

    const again = await call("POST", `/uploads/${id}/complete`);
    expect(again).toMatchObject({ status: 202, body: { upload: { status: "completed" } } });
    const closed = refused(409, "upload.closed");
    expect(await call("DELETE", `/uploads/${id}`)).toMatchObject(closed);
    expect(await call("POST", `/uploads/${id}/sign`, {})).toMatchObject(closed);
  });

  test("can change neither its length nor a signed header", async () => {
    const { id, requests } = await newUpload();
    const [first] = requests;
    expect((await send(first, "hello and more")).status).toBe(403);
    const other = { ...first, headers: { "content-type": "text/html" } } as Signed;
    expect((await send(other, "hello")).status).toBe(403);
    for (const name of Object.keys(first?.headers ?? {})) {
      const { [name]: _, ...headers } = first?.headers ?? {};
      expect((await send({ ...first, headers } as Signed, "hello")).status).toBe(403);
    }
    const signed = await call("POST", `/uploads/${id}/sign`, {});
    expect((await send(signed.body.requests[0], "hello")).status).toBe(200);
  });
});

describe("an upload in parts", () => {
  test("continues from the parts that arrived, signed in batches", async () => {
    const { id, upload, requests } = await newUpload({ name: "big.mp4", sizeBytes: 33 * MIB });
    expect(upload.plan).toEqual({ kind: "multipart", partSizeBytes: 16 * MIB, partCount: 3 });
    expect(requests.map((one) => one.partNumber)).toEqual([1, 2, 3]);
    expect((await send(requests[0], new Uint8Array(16 * MIB))).status).toBe(200);

    const { body: some } = await call("GET", `/uploads/${id}/parts`);
    expect(some.parts).toMatchObject([{ partNumber: 1, sizeBytes: 16 * MIB }]);
    const missing = refused(409, "upload.incomplete", /2 of 3 parts/);
    expect(await call("POST", `/uploads/${id}/complete`)).toMatchObject(missing);

    const batch = await call("POST", `/uploads/${id}/sign`, { partNumbers: [2, 3] });
    const [second, third] = batch.body.requests;
    expect([second.sizeBytes, third.sizeBytes]).toEqual([16 * MIB, MIB]);
    expect((await send(third, new Uint8Array(MIB + 1))).status).toBe(403);
    const sent = await Promise.all([
      send(second, new Uint8Array(16 * MIB)),
      send(third, new Uint8Array(MIB)),
    ]);
    expect(sent.map((one) => one.status)).toEqual([200, 200]);
    const asked = await call("POST", `/uploads/${id}/complete`);
    expect(asked).toMatchObject({ status: 202, body: { upload: { status: "completing" } } });
    await core.deliver(await stack.event(isObject("source-created", id)));
    const { body } = await call("GET", `/uploads/${id}`);
    expect(body.upload.status).toBe("completed");
  });

  test("signs only parts of its plan, a hundred at a time", async () => {
    const { id } = await newUpload({ sizeBytes: 33 * MIB });
    const sign = (partNumbers: unknown) => call("POST", `/uploads/${id}/sign`, { partNumbers });
    expect(await sign([4])).toMatchObject(
      refused(400, "upload.part_unknown", /Part 4 does not exist/),
    );
    const invalid = refused(400, "request.invalid", /partNumbers/);
    for (const wrong of [[], [0], [10_001], [1.5], ["1"], 1, Array(101).fill(1)]) {
      expect(await sign(wrong)).toMatchObject(invalid);
    }
  });

  test("is listed page by page, newest first, each once", async () => {
    const started = [];
    for (let n = 0; n < 3; n += 1) started.unshift((await newUpload({ sizeBytes: MIB })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const after = cursor === undefined ? "" : `&cursor=${cursor}`;
      const { status, body } = await call("GET", `/uploads?status=open&limit=2${after}`);
      expect(status).toBe(200);
      expect(body.uploads.length).toBeLessThanOrEqual(2);
      seen.push(...body.uploads.map(({ id }: { id: string }) => id));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen.slice(0, 3)).toEqual(started);
    expect(new Set(seen).size).toBe(seen.length);
    const other = await call("GET", "/uploads?status=open&limit=2");
    const elsewhere = `/uploads?status=completed&cursor=${other.body.cursor}`;
    expect(await call("GET", elsewhere)).toMatchObject(refused(400, "cursor.invalid"));
  });

  test("is aborted with its parts", async () => {
    const { id, requests } = await newUpload({ sizeBytes: 33 * MIB });
    await send(requests[2], new Uint8Array(MIB));
    const open = async () => {
      const { body } = await call("GET", "/uploads?status=open");
      return body.uploads.map((one: { id: string }) => one.id);
    };
    expect(await open()).toContain(id);
    expect((await call("DELETE", `/uploads/${id}`)).status).toBe(204);
    expect((await call("DELETE", `/uploads/${id}`)).status).toBe(204);
    expect(await open()).not.toContain(id);
    expect((await call("GET", `/uploads/${id}/parts`)).body.parts).toEqual([]);
    expect((await send(requests[2], new Uint8Array(MIB))).status).toBe(404);
    const closed = refused(409, "upload.closed");
    expect(await call("POST", `/uploads/${id}/complete`)).toMatchObject(closed);
  });
});

describe("a missing resource", () => {
  const uploads = [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/sign"],
    ["GET", "/parts"],
    ["POST", "/complete"],
  ] as const;
  const jobs = [
    ["GET", ""],
    ["DELETE", ""],
    ["PATCH", ""],
    ["POST", "/retry"],
    ["POST", "/cancel"],
    ["GET", "/playback"],
  ] as const;
  const bodyOf = (method: string, path: string) =>
    method === "PATCH" ? { title: "a" } : path === "/sign" ? {} : undefined;

  test.each([`upl_${UNKNOWN}`, "nonsense", `job_${UNKNOWN}`, "%F0%9F%8E%AC"])(
    "is a 404 on every route of an upload: %s",
    async (id) => {
      for (const [method, path] of uploads) {
        const answer = await call(method, `/uploads/${id}${path}`, bodyOf(method, path));
        expect(answer).toMatchObject(refused(404, "upload.not_found"));
      }
    },
  );

  test.each([`job_${UNKNOWN}`, "nonsense", `upl_${UNKNOWN}`, "%00"])(
    "is a 404 on every route of a job: %s",
    async (id) => {
      for (const [method, path] of jobs) {
        const answer = await call(method, `/jobs/${id}${path}`, bodyOf(method, path));
        expect(answer).toMatchObject(refused(404, "job.not_found"));
      }
    },
  );

  test("another user's job is a 404, like a job that never existed", async () => {
    const row = jobRow({ ownerId: "other", status: "received" });
    await fill([row]);
    for (const [method, path] of jobs) {
      const answer = await call(method, `/jobs/${row.id}${path}`, bodyOf(method, path));
      expect(answer).toMatchObject(refused(404, "job.not_found"));
    }
  });

  test("a missing route names the API's documentation", async () => {
    const unknown = refused(404, "route.not_found", /openapi\.json/);
    expect(await call("GET", "/nothing")).toMatchObject(unknown);
  });

  test("an unsupported method returns the supported ones", async () => {
    for (const [method, path, allow] of [
      ["PUT", "/jobs", "GET, HEAD"],
      ["POST", `/jobs/job_${UNKNOWN}`, "DELETE, GET, HEAD, PATCH"],
      ["DELETE", "/health", "GET, HEAD"],
    ] as const) {
      const url = `http://127.0.0.1:3000/api${path}`;
      const response = await app.request(url, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe(allow);
      expect(await response.json()).toMatchObject({ code: "route.method" });
    }
  });
});

describe("an invalid request", () => {
  const post = (body: BodyInit, headers: Record<string, string>) =>
    raw("/uploads", { method: "POST", body, headers });
  const json = { "content-type": "application/json" };

  test("a body that is not JSON, is empty, or has another shape", async () => {
    expect(await post("{", json)).toMatchObject(refused(400, "request.invalid", /JSON/));
    expect(await call("POST", "/uploads")).toMatchObject(refused(400, "request.invalid"));
    expect(await post("", json)).toMatchObject(refused(400, "request.invalid"));
    expect(await call("POST", "/uploads", [])).toMatchObject(refused(400, "request.invalid"));
    const files = refused(400, "request.invalid", /files/);
    expect(await call("POST", "/uploads", {})).toMatchObject(files);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "a body of type '%s'",
    async (type) => {
      const body = JSON.stringify({ files: [file()] });
      const wrong = refused(400, "request.type", /application\/json/);
      // HTTP/1.1 announces a body with one of these headers.
      for (const [name, value] of [
        ["content-length", String(body.length)],
        ["transfer-encoding", "chunked"],
      ] as const) {
        expect(await post(body, { "content-type": type, [name]: value })).toMatchObject(wrong);
      }
    },
  );

  test("a body over 512 KiB, whether or not it says its length", async () => {
    const body = JSON.stringify({ files: [file({ name: "a".repeat(512 * 1024) })] });
    const large = refused(413, "request.too_large", /512 KiB/);
    const chunked = { ...json, "transfer-encoding": "chunked" };
    expect(await post(body, chunked)).toMatchObject(large);
    const length = { ...json, "content-length": String(body.length) };
    expect(await post(body, length)).toMatchObject(large);
  });

  test.each([
    ["limit=0", /limit/],
    ["limit=101", /limit/],
    ["limit=many", /limit/],
    ["status=lost", /status/],
    ["changedSince=yesterday", /changedSince/],
  ])("a list with ?%s", async (query, says) => {
    const answer = await call("GET", `/jobs?${query}`);
    expect(answer).toMatchObject(refused(400, "request.invalid", says));
  });

  test("a search or a cursor that is far too long", async () => {
    for (const [name, length] of [
      ["q", 201],
      ["cursor", 2001],
    ] as const) {
      const answer = await call("GET", `/jobs?${name}=${"a".repeat(length)}`);
      expect(answer).toMatchObject(refused(400, "request.invalid", new RegExp(`^${name}:`)));
    }
  });

  test("a made-up cursor", async () => {
    const answer = await call("GET", "/jobs?cursor=bm9uc2Vuc2U");
    expect(answer).toMatchObject(refused(400, "cursor.invalid"));
  });

  test("uploads of an unknown status", async () => {
    const answer = await call("GET", "/uploads?status=lost");
    expect(answer).toMatchObject(refused(400, "request.invalid", /status/));
  });
});

describe("a page of another site", () => {
  const foreign = refused(403, "request.foreign");
  const create = (headers: Record<string, string>) =>
    call("POST", "/uploads", { files: [file()] }, headers);

  test.each<Record<string, string>>([
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:9999" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("cannot change anything: %j", async (headers) => {
    expect(await create(headers)).toMatchObject(foreign);
    expect(await call("DELETE", `/jobs/job_${UNKNOWN}`, undefined, headers)).toMatchObject(foreign);
  });

  test.each<Record<string, string>>([
    {},
    { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "same-origin" },
  ])("is not what our own page or a program looks like: %j", async (headers) => {
    expect((await create(headers)).status).toBe(201);
  });

  test("cannot read the API through DNS rebinding", async () => {
    expect(await raw("http://evil.example/api/jobs")).toMatchObject(foreign);
    expect(await call("GET", "/jobs", undefined, { host: "evil.example:3000" })).toMatchObject(
      foreign,
    );
    expect((await raw("http://localhost:3000/api/jobs")).status).toBe(200);
    expect((await raw("http://[::1]:3000/api/jobs")).status).toBe(200);
  });
});

describe("jobs", () => {
  test("are listed in pages, by status and by the start of their name", async () => {
    const rows = Array.from({ length: 7 }, (_, at) =>
      jobRow({
        title: `Paging ${at}`,
        status: at < 3 ? "error" : "complete",
        created: Date.now() + at,
      }),
    );
    await fill(rows);
    const titles = async (query: string) => {
      const { status, body } = await call("GET", `/jobs?${query}`);
      expect(status).toBe(200);
      return { cursor: body.cursor, seen: body.jobs.map((one: { title: string }) => one.title) };
    };
    const first = await titles("q=paging&limit=4");
    expect(first.seen).toEqual(["Paging 0", "Paging 1", "Paging 2", "Paging 3"]);
    const next = await titles(`q=paging&limit=4&cursor=${first.cursor}`);
    expect(next).toEqual({ cursor: undefined, seen: ["Paging 4", "Paging 5", "Paging 6"] });
    expect((await titles("q=PAGING&status=error")).seen).toHaveLength(3);
    expect((await titles("limit=7")).seen[0]).toBe("Paging 6");
    const elsewhere = await call("GET", `/jobs?q=other&cursor=${first.cursor}`);
    expect(elsewhere).toMatchObject(refused(400, "cursor.invalid"));
  });

  test("are followed from the time of a page, including deletions", async () => {
    const [kept, gone] = [jobRow({ title: "kept" }), jobRow({ title: "gone" })];
    await fill([kept, gone]);
    const { body: page } = await call("GET", "/jobs?limit=1");
    expect((await call("DELETE", `/jobs/${gone.id}`)).status).toBe(204);
    expect((await call("DELETE", `/jobs/${gone.id}`)).status).toBe(204);
    const renamed = await call("PATCH", `/jobs/${kept.id}`, { title: "  still here \n" });
    expect(renamed).toMatchObject({ status: 200, body: { job: { title: "still here" } } });
    const { body } = await call("GET", `/jobs?changedSince=${page.now}`);
    expect(body).toMatchObject({ more: false, nextSince: expect.any(String) });
    expect(body.changes).toContainEqual(
      expect.objectContaining({ type: "deleted", id: gone.id, time: expect.any(String) }),
    );
    expect(body.changes).toContainEqual({
      type: "job",
      job: expect.objectContaining({ id: kept.id, title: "still here" }),
    });
    expect(await call("GET", `/jobs/${gone.id}`)).toMatchObject(refused(404, "job.not_found"));
    const { body: details } = await call("GET", `/jobs/${kept.id}`);
    expect(details.events).toMatchObject([{ type: "job.renamed", detail: { from: "kept" } }]);
  });

  test.each([["   "], [""], ["a".repeat(201)], [7], [undefined]])(
    "keep their title if the new one is invalid: %j",
    async (title) => {
      const row = jobRow();
      await fill([row]);
      const answer = await call("PATCH", `/jobs/${row.id}`, { title });
      expect(answer).toMatchObject(refused(400, "request.invalid", /title/));
    },
  );

  test("are deleted together, even if one is missing", async () => {
    const rows = [jobRow(), jobRow(), jobRow({ ownerId: "other" })];
    await fill(rows);
    const [a = "", b = "", others = ""] = rows.map((row) => row.id);
    const ids = [a, "nonsense", b, others, a];
    const { status, body } = await call("POST", "/jobs/delete", { ids });
    expect(status).toBe(200);
    expect(body.deleted.sort()).toEqual([a, b].sort());
    const failed = body.failed.sort((x: { id: string }, y: { id: string }) =>
      x.id < y.id ? -1 : 1,
    );
    const why = { code: "job.not_found", message: expect.any(String) };
    expect(failed).toEqual([
      { id: others, ...why },
      { id: "nonsense", ...why },
    ]);
    const invalid = refused(400, "request.invalid", /ids/);
    expect(await call("POST", "/jobs/delete", { ids: [] })).toMatchObject(invalid);
    const many = Array.from({ length: 101 }, () => "x");
    expect(await call("POST", "/jobs/delete", { ids: many })).toMatchObject(invalid);
  });

  test("are retried if they have ended, and canceled once if they are in progress", async () => {
    const [ended, running] = [await withSource(jobRow()), jobRow({ status: "received" })];
    await fill([ended, running]);
    const retried = await call("POST", `/jobs/${ended.id}/retry`);
    expect(retried).toMatchObject({
      status: 202,
      body: { job: { attempt: 2, status: "rejected", failure: { type: "source.not_media" } } },
    });
    const gone = jobRow();
    await fill([gone]);
    const missing = await call("POST", `/jobs/${gone.id}/retry`);
    expect(missing).toMatchObject(refused(409, "job.source_missing", /Upload the file again/));
    const early = await call("POST", `/jobs/${running.id}/retry`);
    expect(early).toMatchObject(refused(409, "job.state", /still being processed/));
    const canceled = await call("POST", `/jobs/${running.id}/cancel`);
    expect(canceled).toMatchObject({ status: 202, body: { job: { status: "canceled" } } });
    const late = await call("POST", `/jobs/${running.id}/cancel`);
    expect(late).toMatchObject(refused(409, "job.state", /no longer being processed/));
  });
});

test("an internal error returns a generic message; only the log has the details", async () => {
  const row = jobRow();
  await fill([{ ...row, attempt: "none" }]);
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const answer = await call("GET", `/jobs/${row.id}?q=private`);
  const said = log.mock.calls.flat().join("");
  log.mockRestore();
  expect(answer).toMatchObject(refused(500, "internal"));
  expect(said).toContain(`GET /api/jobs/${row.id} failed: ZodError`);
  expect(said).not.toContain("private");
  await core.table.removeAll([core.table.key.job(row.id)]);
});

describe("without sign-in", () => {
  test("every caller is the local user", async () => {
    const user = { id: "local", email: "you@example.com", role: "admin", disabled: false };
    expect(await call("GET", "/account")).toMatchObject({
      status: 200,
      body: { user, signIn: false },
    });
    expect(await call("GET", "/account/sessions")).toEqual({ status: 200, body: { sessions: [] } });
  });

  test("there is no sign-in and no sign-out", async () => {
    const go = async (path: string) => {
      const { status, headers } = await app.request(`http://127.0.0.1:3000/api/auth/${path}`);
      return [status, headers.get("location")];
    };
    const site = "http://127.0.0.1:3000";
    expect(await go("sign-in?returnTo=/jobs")).toEqual([302, `${site}/jobs`]);
    expect(await go("sign-in?returnTo=//evil.example")).toEqual([302, `${site}/`]);
    expect(await go("callback?code=a&state=b")).toEqual([
      303,
      `${site}/sign-in?problem=signin.state`,
    ]);
    expect(await call("POST", "/auth/sign-out")).toEqual({ status: 200, body: { location: "/" } });
  });

  test("an invalid token is rejected", async () => {
    const answer = await call("GET", "/jobs", undefined, { authorization: "Bearer nonsense" });
    expect(answer).toMatchObject(refused(401, "actor.required"));
  });
});

test("returns the version from the health route, without any other service", async () => {
  const answer = await call("GET", "/health");
  const app = { ok: true, name: "rushes", stage: "test" };
  const release = {
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    time: expect.stringMatching(/Z$/),
  };
  expect(answer).toEqual({ status: 200, body: { ...app, ...release } });
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every string in the documented request bodies, as a path into the body. */
function textsOf(schema: unknown, path: string[] = []): string[][] {
  if (!isRecord(schema)) return [];
  if (isRecord(schema.properties)) {
    return Object.entries(schema.properties).flatMap(([name, one]) =>
      textsOf(one, [...path, name]),
    );
  }
  if (schema.type === "array") return textsOf(schema.items, [...path, "0"]);
  const variants = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray);
  if (variants) return variants.flatMap((one) => textsOf(one, path));
  return schema.type === "string" ? [path] : [];
}

/** A body with this text in one field. */
const bodyWith = (path: string[], text: string): unknown =>
  path.reduceRight<unknown>((inner, name) => (name === "0" ? [inner] : { [name]: inner }), text);

test("rejects a lone surrogate with 400 in every documented field", async () => {
  const document = await (await app.request("http://127.0.0.1:3000/api/openapi.json")).json();
  const tried: string[] = [];
  for (const [path, methods] of Object.entries<Record<string, unknown>>(document.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const request =
        isRecord(route) && isRecord(route.requestBody) ? route.requestBody : undefined;
      const content = isRecord(request?.content) ? request.content["application/json"] : undefined;
      const schema = isRecord(content) ? content.schema : undefined;
      const address = path.replace(/^\/api/, "").replace(/\{[^}]+\}/g, `job_${UNKNOWN}`);
      for (const field of textsOf(schema)) {
        for (const text of ["\ud800", "film \udc00", "\udfff\ud800"]) {
          const answer = await call(method.toUpperCase(), address, bodyWith(field, text));
          expect(answer, `${method} ${path} ${field}`).toEqual(
            refused(400, "request.invalid", /not well-formed Unicode/),
          );
        }
        tried.push(field.join("."));
      }
    }
  }
  // Names of files, videos, tokens and shares. Without this check, a new format of the document could leave none to
  // test.
  expect(tried).toEqual(expect.arrayContaining(["files.0.name", "title", "name"]));
});

test("never returns 500 for a query that is not UTF-8", async () => {
  for (const name of ["q", "status", "cursor", "owner"]) {
    const { status } = await call("GET", `/jobs?${name}=%ED%A0%80`);
    expect(status, name).toBeLessThan(500);
  }
});
