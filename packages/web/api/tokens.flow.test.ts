// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { loadCore } from "@rushes/testing/core";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

const UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const SITE = "http://127.0.0.1:3000";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ app } = await import("./app.ts"));
  const time = { created: "2031-05-06T10:00:00.000Z", seen: "2031-05-06T10:00:00.000Z" };
  await fill(
    ["anna", "bert", "carl"].map((name) => {
      const [id, email] = [`own_${name}`, `${name}@example.com`];
      return {
        ...core.table.key.user(id),
        ...core.table.index.users(email, id),
        id,
        email,
        time,
        role: "member",
        issuer: "https://id.example.com",
        subject: name,
        disabled: false,
      };
    }),
  );
});
afterEach(() => vi.useRealTimers());
afterAll(() => stack.close());

/** Sends one request: without a secret as the signed-in user, else with the token. */
async function call(method: string, path: string, body?: unknown, secret?: string) {
  const headers = new Headers({ "x-forwarded-for": "192.0.2.7" });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (secret !== undefined) headers.set("authorization", `Bearer ${secret}`);
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await app.request(`${SITE}/api${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    body: text === "" ? undefined : JSON.parse(text),
  };
}

const rejection = (status: number, code: string, message = /./) => ({
  status,
  body: { code, message: expect.stringMatching(message) },
});
const NEEDED = rejection(401, "actor.required");
const SCOPE = rejection(403, "actor.scope");
const PERSON = rejection(403, "actor.person");

async function make(scopes: string[], expiresInDays = 30) {
  const { status, body } = await call("POST", "/tokens", { name: "ci", scopes, expiresInDays });
  expect(status).toBe(201);
  return { id: String(body.token.id), secret: String(body.secret), token: body.token };
}

const files = [{ name: "note.mp4", sizeBytes: 5, contentType: "video/mp4" }];
const manage = [
  ["PATCH", "", { title: "new" }],
  ["POST", "/retry", undefined],
  ["POST", "/cancel", undefined],
  ["DELETE", "", undefined],
] as const;

test("accepts a token behind CloudFront, which replaces the Authorization header", async () => {
  const { secret } = await make(["read"]);
  const headers = {
    authorization: "AWS4-HMAC-SHA256 Credential=cloudfront",
    "x-forwarded-authorization": `Bearer ${secret}`,
  };
  // With a token, not as the one user, who may read tokens.
  expect((await app.request(`${SITE}/api/jobs`, { headers })).status).toBe(200);
  expect((await app.request(`${SITE}/api/tokens`, { headers })).status).toBe(403);
});

describe("a token with the upload scope", () => {
  test("creates, completes and reads an upload", async () => {
    const { secret } = await make(["upload"]);
    const as = (method: string, path: string, body?: unknown) => call(method, path, body, secret);
    const created = await as("POST", "/uploads", { files });
    expect(created.status).toBe(201);
    const [{ upload }] = created.body.results;
    const signed = await as("POST", `/uploads/${upload.id}/sign`, {});
    const [request] = signed.body.requests;
    const { url, headers } = request;
    expect((await fetch(url, { method: "PUT", headers, body: "hello" })).status).toBe(200);
    expect((await as("POST", `/uploads/${upload.id}/complete`)).status).toBe(202);
    expect((await as("GET", `/uploads/${upload.id}`)).body.upload.status).toBe("completing");
    expect((await as("GET", `/uploads/${upload.id}/parts`)).status).toBe(200);
    expect((await as("GET", "/uploads?status=completing")).body.uploads).toHaveLength(1);
    const [{ upload: other }] = (await as("POST", "/uploads", { files })).body.results;
    expect((await as("DELETE", `/uploads/${other.id}`)).status).toBe(204);
  });

  test("neither reads nor changes videos, and cannot detect whether they exist", async () => {
    const { secret } = await make(["upload"]);
    const row = jobRow();
    await fill([row]);
    for (const id of [row.id, `job_${UNKNOWN}`]) {
      for (const path of ["/jobs", `/jobs/${id}`, `/jobs/${id}/playback`]) {
        expect(await call("GET", path, undefined, secret)).toMatchObject(SCOPE);
      }
      for (const [method, path, body] of manage) {
        expect(await call(method, `/jobs/${id}${path}`, body, secret)).toMatchObject(SCOPE);
      }
      const many = await call("POST", "/jobs/delete", { ids: [id] }, secret);
      expect(many).toMatchObject(SCOPE);
    }
    const since = new Date().toISOString();
    const changes = await call("GET", `/jobs?changedSince=${since}`, undefined, secret);
    expect(changes).toMatchObject(SCOPE);
  });
});

test("a token with the read scope lists and plays, and changes nothing", async () => {
  const { secret } = await make(["read"]);
  const row = jobRow();
  await fill([row]);
  for (const path of ["/jobs", `/jobs/${row.id}`, `/jobs/${row.id}/playback`]) {
    expect((await call("GET", path, undefined, secret)).status).toBe(200);
  }
  for (const [method, path, body] of manage) {
    expect(await call(method, `/jobs/${row.id}${path}`, body, secret)).toMatchObject(SCOPE);
  }
  expect(await call("POST", "/uploads", { files }, secret)).toMatchObject(SCOPE);
  expect(await call("GET", "/uploads", undefined, secret)).toMatchObject(SCOPE);
  const { title } = (await call("GET", `/jobs/${row.id}`, undefined, secret)).body.job;
  expect(title).toBe("clip.mp4");
});

test("a token with the manage scope renames, retries, cancels and deletes, and reads no list", async () => {
  const { secret } = await make(["manage"]);
  const [ended, running] = [await withSource(jobRow()), jobRow({ status: "received" })];
  await fill([ended, running]);
  const as = (method: string, path: string, body?: unknown) => call(method, path, body, secret);
  expect((await as("PATCH", `/jobs/${ended.id}`, { title: "new" })).status).toBe(200);
  expect((await as("POST", `/jobs/${ended.id}/retry`)).status).toBe(202);
  expect((await as("POST", `/jobs/${running.id}/cancel`)).status).toBe(202);
  expect((await as("DELETE", `/jobs/${ended.id}`)).status).toBe(204);
  expect((await as("POST", "/jobs/delete", { ids: [running.id] })).body.failed).toEqual([]);
  expect(await as("GET", "/jobs")).toMatchObject(SCOPE);
  expect(await as("POST", "/uploads", { files })).toMatchObject(SCOPE);
});

test("an admin's token has a member's access: other users' videos do not exist for it", async () => {
  const { secret } = await make(["read", "manage", "keys"]);
  const row = jobRow({ ownerId: "own_anna" });
  await fill([row]);
  const gone = rejection(404, "job.not_found");
  expect(await call("GET", `/jobs/${row.id}`, undefined, secret)).toMatchObject(gone);
  expect(await call("DELETE", `/jobs/${row.id}`, undefined, secret)).toMatchObject(gone);
});

test("a token neither creates tokens nor acts as an admin, whatever its scopes", async () => {
  const { id, secret } = await make(["upload", "read", "manage", "share", "keys"]);
  const asked = [
    ["GET", "/tokens", undefined],
    ["POST", "/tokens", { name: "more", scopes: ["read"], expiresInDays: 1 }],
    ["DELETE", `/tokens/${id}`, undefined],
    ["GET", "/account/sessions", undefined],
    ["GET", "/admin/users", undefined],
    ["PATCH", "/admin/users/own_anna", { disabled: true }],
    ["DELETE", "/admin/users/own_anna/sessions", undefined],
    ["GET", "/admin/audit", undefined],
  ] as const;
  for (const [method, path, body] of asked) {
    expect(await call(method, path, body, secret), path).toMatchObject(PERSON);
  }
});

describe("an invalid token", () => {
  test("stops working the moment it is revoked, and cannot be revoked again", async () => {
    const { id, secret } = await make(["read"]);
    expect((await call("GET", "/jobs", undefined, secret)).status).toBe(200);
    expect((await call("DELETE", `/tokens/${id}`)).status).toBe(204);
    const answer = await call("GET", "/jobs", undefined, secret);
    expect(answer).toMatchObject({ ...NEEDED, challenge: "Bearer" });
    const gone = rejection(404, "token.not_found");
    expect(await call("DELETE", `/tokens/${id}`)).toMatchObject(gone);
    for (const wrong of [`tok_${UNKNOWN}`, "nonsense", secret]) {
      expect(await call("DELETE", `/tokens/${wrong}`)).toMatchObject(gone);
    }
  });

  test("is rejected after it expires", async () => {
    const { secret } = await make(["read"], 1);
    const later = Date.now() + 24 * 3_600_000;
    vi.useFakeTimers({ toFake: ["Date"], now: later });
    expect(await call("GET", "/jobs", undefined, secret)).toMatchObject(NEEDED);
  });

  test("is rejected if it is mistyped or malformed, even from this machine", async () => {
    const { secret } = await make(["read"]);
    const flipped = secret.slice(0, -1) + (secret.endsWith("a") ? "b" : "a");
    for (const wrong of [flipped, secret.slice(0, -1), "rsh_", "x", "a".repeat(7000)]) {
      expect(await call("GET", "/jobs", undefined, wrong)).toMatchObject(NEEDED);
    }
  });
});

describe("tokens over HTTP", () => {
  test("are listed with scopes and last use; the secret is shown once", async () => {
    const { id, secret, token } = await make(["read", "upload"]);
    expect(token).toMatchObject({ name: "ci", scopes: ["upload", "read"] });
    await call("GET", "/jobs", undefined, secret);
    const shown = async () => {
      const { body } = await call("GET", "/tokens");
      expect(JSON.stringify(body)).not.toContain(secret);
      return body.tokens.find((one: { id: string }) => one.id === id);
    };
    await expect.poll(shown, { interval: 10 }).toMatchObject({
      ...token,
      time: { ...token.time, used: expect.any(String) },
    });
  });

  test.each([
    ["no name", { name: " " }, /name/],
    ["no scope", { scopes: [] }, /scopes/],
    ["an unknown scope", { scopes: ["admin"] }, /scopes/],
    ["no end", { expiresInDays: undefined }, /expiresInDays/],
    ["an end beyond a year", { expiresInDays: 366 }, /expiresInDays/],
  ])("are not created with %s", async (_, fields, message) => {
    const wanted = { name: "ci", scopes: ["read"], expiresInDays: 1, ...fields };
    const invalid = rejection(400, "request.invalid", message);
    expect(await call("POST", "/tokens", wanted)).toMatchObject(invalid);
  });
});

describe("an admin", () => {
  test("pages through the users, disables and enables one, and signs one out", async () => {
    const first = (await call("GET", "/admin/users?limit=2")).body;
    expect(first.users.map((one: { id: string }) => one.id)).toEqual(["own_anna", "own_bert"]);
    const rest = (await call("GET", `/admin/users?cursor=${first.cursor}`)).body;
    expect(rest).toMatchObject({ users: [{ id: "own_carl", email: "carl@example.com" }] });
    expect(rest.cursor).toBeUndefined();

    for (const disabled of [true, false]) {
      const answer = await call("PATCH", "/admin/users/own_carl", { disabled });
      expect(answer).toMatchObject({ status: 200, body: { user: { id: "own_carl", disabled } } });
    }
    const carl = { status: 200, body: { user: { id: "own_carl", email: "carl@example.com" } } };
    expect(await call("GET", "/admin/users/own_carl")).toMatchObject(carl);
    expect((await call("DELETE", "/admin/users/own_carl/sessions")).status).toBe(204);
    const gone = rejection(404, "user.not_found");
    expect(await call("GET", "/admin/users/own_nobody")).toMatchObject(gone);
    const unknown = await call("PATCH", "/admin/users/own_nobody", { disabled: true });
    expect(unknown).toMatchObject(gone);
    expect(await call("DELETE", "/admin/users/own_nobody/sessions")).toMatchObject(gone);
    const invalid = rejection(400, "request.invalid", /disabled/);
    expect(await call("PATCH", "/admin/users/own_carl", {})).toMatchObject(invalid);
  });

  test("reads the audit log, newest first, page by page", async () => {
    const { id, secret } = await make(["upload"]);
    const { body } = await call("POST", "/uploads", { files }, secret);
    const uploadId = body.results[0].upload.id;
    const { events, cursor } = (await call("GET", "/admin/audit?limit=2")).body;
    expect(events).toMatchObject([
      {
        action: "upload.created",
        target: uploadId,
        ownerId: "local",
        via: "token",
        credentialId: id,
        address: "192.0.2.7",
      },
      { action: "token.created", target: id, via: "local", detail: { scopes: "upload" } },
    ]);
    const next = await call("GET", `/admin/audit?limit=100&cursor=${cursor}`);
    const ids = next.body.events.map((one: { id: string }) => one.id);
    expect(ids).not.toContain(events[1].id);
    const codeOf = async (query: string) => (await call("GET", `/admin/audit?${query}`)).body.code;
    expect(await codeOf("day=yesterday")).toBe("request.invalid");
    expect(await codeOf("cursor=bm9uc2Vuc2U")).toBe("cursor.invalid");
    expect(await codeOf(`day=2031-01-01&cursor=${cursor}`)).toBe("cursor.invalid");
  });
});
