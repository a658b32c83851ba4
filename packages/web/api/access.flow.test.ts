/** Calls every route as every kind of caller, and compares the results with access.table.ts. */
// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { readFile } from "node:fs/promises";
import type { Owner, Scope } from "@rushes/core/actor";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start as startRunner } from "../../aws-local/lambda/index.ts";
import { start as startSqs } from "../../aws-local/sqs/index.ts";
import { deadLetterQueues, type Wiring } from "../../core/wiring.ts";
import {
  ACCESS,
  accessTable,
  COLUMNS,
  type Column,
  type Line,
  NOBODIES,
  type Nobody,
} from "./access.table.ts";
import { ISSUER, startProvider, type TestProvider } from "./testing/provider.ts";

const SITE = "http://127.0.0.1:3000";
const DAY_MS = 24 * 3_600_000;
const SCOPES: Scope[] = ["upload", "read", "manage"];
/** A text in all of the owner's data. No other caller may receive it. */
const MARK = "hers-and-nobody-elses";
const FILE = { name: `${MARK}.mp4`, sizeBytes: 5, contentType: "video/mp4" };

const wiring: Wiring = {
  ...{ buckets: [], tables: [], rules: [], schedules: [] },
  queues: {
    work: {
      ...{ visibilityTimeoutSeconds: 30, maxReceiveCount: 2, deadLetter: "work-dead" },
      subscriber: { function: "work", batchSize: 1, maximumConcurrency: 1 },
    },
  },
  functions: { work: { handler: "none.mjs", timeoutSeconds: 5 } },
};

type Headers = Record<string, string>;
type Key = { pk: string; sk: string };

let stack: Stack;
let provider: TestProvider;
let core: Awaited<ReturnType<typeof load>>;
const closing: (() => Promise<void>)[] = [];
// makePeople fills it before any test.
const user: Record<"owner" | "other" | "admin", Owner> = Object.create(null);
const token: Partial<Record<Column, Headers>> = {};
const stranger: Record<Nobody, Headers> = Object.create(null);

async function load() {
  const [{ app }, actor, id, table, seal, User, Session, Token, secret, Share, Upload] =
    await Promise.all([
      import("./app.ts"),
      import("@rushes/core/actor"),
      import("@rushes/core/id"),
      import("@rushes/core/table/index"),
      import("@rushes/core/seal"),
      import("@rushes/core/user/index"),
      import("@rushes/core/session/index"),
      import("@rushes/core/token/index"),
      import("@rushes/core/token/secret"),
      import("@rushes/core/share/index"),
      import("@rushes/core/upload/index"),
    ]);
  return { app, ...actor, id, table, seal, User, Session, Token, secret, Share, Upload };
}

beforeAll(async () => {
  stack = await startStack();
  const client = { id: "rushes", secret: "the client's secret" };
  const redirectUri = `${SITE}/api/auth/callback`;
  provider = await startProvider({ ...client, redirectUri, postLogoutUri: `${SITE}/sign-in` });
  const runner = await startRunner({
    ...{ dataDir: `${stack.folder}/runner`, root: stack.folder, wiring },
    env: { AWS_REGION: "us-east-1" },
    delayMs: () => 10,
  });
  const sqs = await startSqs({
    ...{ host: "127.0.0.1", port: 0, region: "us-east-1", runner, wiring },
    credentials: { accessKeyId: "AKIDTEST", secretAccessKey: "secret" },
  });
  closing.push(sqs.close, runner.close, provider.close, stack.close);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    SST_RESOURCE_DeadLetters: JSON.stringify({ queues: deadLetterQueues(wiring, sqs.url) }),
    SST_RESOURCE_SignIn: JSON.stringify({
      ...{ required: true, issuer: ISSUER, clientId: client.id, clientSecret: client.secret },
      ...{ backchannel: provider.backchannel, groupsClaim: "groups", adminGroup: "admins" },
      ...{ adminEmails: [], trustEmail: false },
    }),
  });
  core = await load();
  await makePeople();
});
afterAll(async () => {
  for (const close of closing) await close();
});

const system = <R>(run: () => R) => core.withActor({ type: "system" }, run);
const bearer = (secret: string): Headers => ({ authorization: `Bearer ${secret}` });

let people = 0;
async function newUser(name: string, groups: string[] = []): Promise<string> {
  people += 1;
  const email = `${name}-${people}@example.com`;
  const identity = { issuer: ISSUER, subject: `${name}-${people}`, email, emailVerified: true };
  return (await system(() => core.User.signIn({ ...identity, groups }))).id;
}

/** The cookie of a new session. */
async function session(ownerId: string, now?: number) {
  const { cookie } = await system(() => core.Session.create({ ownerId, now }));
  // At a time when the session was valid. The test checks it later.
  const resumed = await core.Session.resume(cookie, now);
  if (!resumed) throw new Error("The new session is none.");
  const headers: Headers = { cookie: `rushes=${cookie}` };
  return { headers, cookie, id: resumed.session.id, actor: resumed.actor };
}

const newToken = (as: Owner, scopes: Scope[]) =>
  core.withActor(as, () =>
    core.Token.create({ name: as === user.owner ? MARK : "a token", scopes, expiresInDays: 1 }),
  );

async function change(key: Key, set: Record<string, unknown>): Promise<void> {
  await core.table.apply(core.table.update({ key, set, condition: "attribute_exists(#pk)" }));
}

async function makePeople(): Promise<void> {
  for (const [name, groups] of Object.entries({ owner: [], other: [], admin: ["admins"] })) {
    const { actor } = await session(await newUser(name, groups));
    Object.assign(user, { [name]: actor });
  }
  for (const scope of SCOPES) token[scope] = bearer((await newToken(user.owner, [scope])).secret);
  token.otherToken = bearer((await newToken(user.other, SCOPES)).secret);
  token.adminToken = bearer((await newToken(user.admin, SCOPES)).secret);

  const { ownerId } = user.owner;
  const now = Date.now();
  stranger.nobody = {};
  stranger["a visitor with a share's address as token"] = bearer((await newShare()).address);
  const [old, idle, ended, kept] = await Promise.all([
    session(ownerId, now - 15 * DAY_MS),
    session(ownerId, now - 3 * DAY_MS),
    session(ownerId),
    session(ownerId),
  ]);
  stranger["a session older than it may be"] = old.headers;
  stranger["a session that was not used for days"] = idle.headers;
  stranger["a session that was signed out"] = ended.headers;
  await core.withActor(ended.actor, () => core.Session.end());
  const [head = "", ...rest] = kept.cookie.split(".").reverse();
  const flip = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
  const forged = [flip(head), ...rest].reverse().join(".");
  stranger["a session's cookie with one character changed"] = {
    cookie: `rushes=${forged}`,
  };

  const [revoked, expired] = [
    await newToken(user.owner, SCOPES),
    await newToken(user.owner, SCOPES),
  ];
  await core.withActor(user.owner, () => core.Token.remove(revoked.token.id));
  stranger["a token that was revoked"] = bearer(revoked.secret);
  const past = new Date(now - 1000).toISOString();
  await change(core.table.key.token(core.secret.hashOf(expired.secret)), { "time.expires": past });
  stranger["a token that has expired"] = bearer(expired.secret);
  const { secret } = await newToken(user.owner, SCOPES);
  stranger["a token with a flipped character"] = bearer(secret.slice(0, 4) + flip(secret.slice(4)));

  const off = await session(await newUser("off"));
  stranger["a session of a user who was switched off"] = off.headers;
  stranger["a token of a user who was switched off"] = bearer(
    (await newToken(off.actor, SCOPES)).secret,
  );
  // Only in the row, so that the session still exists: the user must be checked too.
  await change(core.table.key.user(off.actor.ownerId), { disabled: true });
}

interface Target {
  id: string;
  address?: string;
  /** The rows that no other user may change. */
  keys: Key[];
}

async function newJob(isRunning = false): Promise<Target> {
  const { ownerId } = user.owner;
  const row = jobRow({ ownerId, title: MARK, status: isRunning ? "received" : "complete" });
  await fill([await withSource(row)]);
  return { id: row.id, keys: [core.table.key.job(row.id)] };
}

async function newShare() {
  const jobId = core.id.JobId.parse((await newJob()).id);
  const share = await core.withActor(user.owner, () => core.Share.create({ jobId, origins: [] }));
  const keys = [core.table.key.share(share.id)];
  return { id: share.id, address: share.url.split("/").at(-1) ?? "", keys };
}

async function newUpload(): Promise<Target> {
  const [made] = await core.withActor(user.owner, () => core.Upload.create({ files: [FILE] }));
  const [request] = made?.requests ?? [];
  if (!made?.upload || !request) throw new Error("The upload was refused.");
  const { url, headers } = request;
  expect((await fetch(url, { method: "PUT", headers, body: "hello" })).status).toBe(200);
  return { id: made.upload.id, keys: [core.table.key.upload(made.upload.id)] };
}

/** Creates a target of the owner's for a route. Each call creates a new one. */
async function targetOf(route: string): Promise<Target> {
  const [, path = ""] = route.split(" ");
  if (path.startsWith("/uploads")) return newUpload();
  if (path.startsWith("/watch") || path.startsWith("/shares")) return newShare();
  if (path.startsWith("/account/sessions")) {
    const { id } = await session(user.owner.ownerId);
    return { id, keys: [core.table.key.session(id)] };
  }
  if (path.startsWith("/tokens/")) {
    const { token, secret } = await newToken(user.owner, ["read"]);
    return { id: token.id, keys: [core.table.key.token(core.secret.hashOf(secret))] };
  }
  if (path.startsWith("/admin/users")) {
    const id = await newUser("somebody");
    const { session: key, user: userKey } = core.table.key;
    return { id, keys: [userKey(id), key((await session(id)).id)] };
  }
  return newJob(path.endsWith("/cancel"));
}

function bodyOf(route: string, { id }: Target): unknown {
  const bodies: Record<string, unknown> = {
    "POST /watch/{address}": {},
    "POST /uploads": { files: [{ ...FILE, name: "clip.mp4" }] },
    "POST /uploads/{id}/sign": {},
    "PATCH /jobs/{id}": { title: "Renamed" },
    "POST /jobs/delete": { ids: [id] },
    "POST /jobs/{id}/shares": {},
    "POST /tokens": { name: "a token", scopes: ["read"], expiresInDays: 1 },
    "PATCH /admin/users/{id}": { disabled: true },
    "POST /admin/dead-letters/redrive": { queue: "work-dead" },
  };
  return bodies[route];
}

let asked = 0;
async function ask(route: string, target: Target, headers: Headers) {
  const [method = "", path = ""] = route.split(" ");
  asked += 1;
  const values: Record<string, string> = {
    ...{ id: target.id, address: target.address ?? "", owner: user.owner.ownerId },
    time: new Date(Date.now() - 1000).toISOString(),
  };
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  const body = bodyOf(route, target);
  const response = await core.app.request(`${SITE}/api${at}`, {
    method,
    headers: {
      // Each request has its own IP address, because another test covers rate limits.
      "x-forwarded-for": `198.51.${asked >> 8}.${asked & 255}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const code: unknown = isJson ? JSON.parse(text).code : undefined;
  return { status: response.status, code, text };
}

const rowsOf = ({ keys }: Target) => Promise.all(keys.map((key) => core.table.get(key)));

const isChange = (route: string) => !route.startsWith("GET ");
const own = { origin: SITE };
const isPerson = (column: Column) =>
  column === "owner" || column === "other" || column === "admin" ? column : undefined;

/** The headers that a browser or program of that column sends. Each gets a new session, because sign-out ends it. */
async function headersOf(column: Column): Promise<Headers> {
  const person = isPerson(column);
  if (person) return { ...(await session(user[person].ownerId)).headers, ...own };
  return token[column] ?? {};
}

const expected = ({ status, who }: Line, column: Column) => {
  const outcome = who[column];
  const [refused, code] = outcome.split(" ");
  return outcome === "yes" ? { status, code: undefined } : { status: Number(refused), code };
};
/** The columns whose responses may contain the owner's data, and whose changes may affect it. */
const REACH: Column[] = ["owner", "admin", "upload", "read", "manage"];
const lines = Object.entries(ACCESS);

test("the table lists every route, and no other", () => {
  for (const { path } of core.app.routes.filter(({ method }) => method === "ALL")) {
    // This test does not call a route for all methods, so only middleware may use all methods.
    expect(path).toMatch(/\/\*$/);
  }
  const routes = core.app.routes.filter(({ method }) => method !== "ALL");
  const named = routes.map(({ method, path }) => {
    return `${method} ${path.replace(/^\/api/, "").replace(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`;
  });
  const written = lines.map(([route]) => route.replace(/\?.*$/, ""));
  expect([...new Set(named)].sort()).toEqual([...new Set(written)].sort());
});

test("the OpenAPI document names the same callers for every route as the table", async () => {
  const { paths } = await (await core.app.request(`${SITE}/api/openapi.json`)).json();
  for (const [route, { security }] of lines) {
    const [method = "", path = ""] = route.replace(/\?.*$/, "").split(" ");
    if (path === "/openapi.json") continue;
    const keys = [{ session: [] }, ...(security === "person" ? [] : [{ token: [security] }])];
    const wanted = security === "nobody" ? [] : keys;
    expect(paths[`/api${path}`][method.toLowerCase()].security, route).toEqual(wanted);
  }
});

test("docs/access.md shows this table", async () => {
  const file = await readFile(new URL("../../../docs/access.md", import.meta.url), "utf8");
  expect(file).toContain(accessTable());
  for (const one of NOBODIES) expect(file).toContain(`- ${one}\n`);
});

describe("access", () => {
  // Last: it would end a session that is accepted by mistake, and hide that from all other routes.
  const isSignOut = ([route]: readonly [string, Line]) => route === "POST /auth/sign-out";
  const inOrder = [...lines.filter((one) => !isSignOut(one)), ...lines.filter(isSignOut)];
  test.each(inOrder)("%s", async (route, line) => {
    const target = await targetOf(route);
    const before = await rowsOf(target);
    const wanted = expected(line, "nobody");
    for (const one of NOBODIES) {
      const headers = { ...stranger[one], ...(isChange(route) && own) };
      const { status, code, text } = await ask(route, target, headers);
      expect({ status, code }, one).toEqual(wanted);
      if (route !== "POST /watch/{address}") expect(text, one).not.toContain(MARK);
    }
    for (const column of COLUMNS.filter((one) => one !== "nobody")) {
      const mayReach = REACH.includes(column) && line.who[column] === "yes";
      const asks = mayReach ? await targetOf(route) : target;
      const { status, code, text } = await ask(route, asks, await headersOf(column));
      expect({ status, code }, column).toEqual(expected(line, column));
      const hides = !mayReach && line.security !== "nobody";
      if (hides) expect(text, column).not.toContain(MARK);
    }
    expect(await rowsOf(target)).toEqual(before);
  });
});

describe("a page of another site cannot request", () => {
  const changes = lines.filter(([route]) => isChange(route));
  test.each(changes)("%s", async (route, line) => {
    const target = await targetOf(route);
    const before = await rowsOf(target);
    const foreign = { status: 403, code: "request.foreign" };
    const may = COLUMNS.filter((one) => line.who[one] === "yes");
    for (const column of may) {
      const { origin, ...headers } = await headersOf(column);
      const pages: Headers[] = [
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: `${SITE}.evil.example` },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        // A browser sends cookies automatically, so a request with a cookie and without an Origin is rejected.
        ...(isPerson(column) ? [{}] : []),
      ];
      for (const from of pages) {
        const { status, code } = await ask(route, target, { ...headers, ...from });
        expect({ status, code }, `${column} ${JSON.stringify(from)}`).toEqual(foreign);
      }
    }
    expect(await rowsOf(target)).toEqual(before);
  });
});
