// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { loadCore } from "@rushes/testing/core";
import { fill } from "@rushes/testing/rows";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const SITE = "http://127.0.0.1:3000";
const ID = /^RSHK[0-9A-Z]{16}$/;

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;
let resource: typeof import("@rushes/core/resource").resource;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ resource } = await import("@rushes/core/resource"));
  ({ app } = await import("./app.ts"));
  const time = { created: "2031-05-06T10:00:00.000Z", seen: "2031-05-06T10:00:00.000Z" };
  const user = (name: string, disabled: boolean) => ({
    ...core.table.key.user(`own_${name}`),
    ...core.table.index.users(`${name}@example.com`, `own_${name}`),
    ...{ id: `own_${name}`, email: `${name}@example.com`, role: "member", subject: name },
    ...{ issuer: "https://id.example.com", disabled, time },
  });
  await fill([user("anna", false), user("dora", true)]);
});
afterAll(() => stack.close());

/** A request of the local user, who is an admin. */
async function call(method: string, path: string, body?: unknown) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = body === undefined ? undefined : { "content-type": "application/json" };
  const response = await app.request(`${SITE}/api${path}`, { method, headers, ...json });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

const rejection = (status: number, code: string, message = /./) => ({
  status,
  body: { code, message: expect.stringMatching(message) },
});

test("creates, lists and revokes access keys, and shows the secret only once", async () => {
  const made = await call("POST", "/keys", { name: " Card reader " });
  expect(made).toMatchObject({
    status: 201,
    body: {
      key: { id: expect.stringMatching(ID), name: "Card reader", ownerId: "local" },
      secret: expect.stringMatching(/^[\w-]{43}$/),
      endpoint: "http://127.0.0.1:3002",
      bucket: "rushes-uploads",
    },
  });
  const { key, secret } = made.body;
  const hers = await call("POST", "/keys", { name: "Anna's", ownerId: "own_anna" });
  expect(hers.body.key).toMatchObject({ ownerId: "own_anna", ownerEmail: "anna@example.com" });
  expect(hers.body.secret).not.toBe(secret);
  const listed = await call("GET", "/keys");
  expect(listed.body.keys).toEqual([hers.body.key, key]);
  const rows = await core.table.get(core.table.key.accessKey(key.id));
  expect(JSON.stringify([listed.body, rows])).not.toContain(secret);

  for (const { id } of [key, hers.body.key]) {
    expect(await call("DELETE", `/keys/${id}`)).toEqual({ status: 204, body: undefined });
    expect(await call("DELETE", `/keys/${id}`)).toMatchObject(rejection(404, "key.not_found"));
  }
  expect((await call("GET", "/keys")).body.keys).toEqual([]);
  const day = new Date().toISOString().slice(0, 10);
  const { events } = (await call("GET", `/admin/audit?day=${day}`)).body;
  for (const entry of [
    { action: "key.created", target: key.id, detail: { owner: "local" } },
    { action: "key.created", target: hers.body.key.id, detail: { owner: "own_anna" } },
    { action: "key.revoked", target: key.id },
    { action: "key.revoked", target: hers.body.key.id },
  ]) {
    expect(events).toContainEqual(expect.objectContaining(entry));
  }
});

test("creates no key for an unknown or disabled user, without a name, or under an impossible ID", async () => {
  const forUser = (ownerId: string) => call("POST", "/keys", { name: "a key", ownerId });
  expect(await forUser("own_nobody")).toMatchObject(rejection(404, "user.not_found"));
  expect(await forUser("own_dora")).toMatchObject(rejection(403, "user.disabled"));
  const unnamed = await call("POST", "/keys", { name: " " });
  expect(unnamed).toMatchObject(rejection(400, "request.invalid", /^name/));
  const wrong = rejection(404, "key.not_found", /There is no such access key/);
  expect(await call("DELETE", "/keys/AKIAIOSFODNN7EXAMPLE")).toMatchObject(wrong);
  expect((await call("GET", "/keys")).body.keys).toEqual([]);
});

test("limits the keys of each user", async () => {
  const make = (ownerId?: string) => call("POST", "/keys", { name: "a key", ownerId });
  for (let count = 0; count < 20; count += 1) expect((await make()).status).toBe(201);
  expect(await make()).toMatchObject(rejection(409, "key.too_many", /20 access keys/));
  expect((await make("own_anna")).status).toBe(201);
});

test("names IAM on AWS, where it makes the keys", async () => {
  const { Settings } = resource();
  const { toolsUrl } = Settings;
  Settings.toolsUrl = undefined;
  onTestFinished(() => {
    Settings.toolsUrl = toolsUrl;
  });
  const unsupported = rejection(409, "key.unsupported", /Create an IAM identity/);
  expect(await call("GET", "/keys")).toMatchObject(unsupported);
  expect(await call("POST", "/keys", { name: "a key" })).toMatchObject(unsupported);
  expect(await call("DELETE", "/keys/RSHK0000000000000000")).toMatchObject(unsupported);
});
