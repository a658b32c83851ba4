/** Every kind of caller of the API, and the owner's data that they request. */
// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import type { Owner, Scope } from "@rushes/core/actor";
import { fill, jobRow, withSource } from "@rushes/testing/rows";
import { startStack } from "@rushes/testing/stack";
import { expect } from "vitest";
import { start as startRunner } from "../../../aws-local/lambda/index.ts";
import { start as startSqs } from "../../../aws-local/sqs/index.ts";
import { deadLetterQueues, type Wiring } from "../../../core/wiring.ts";
import type { Column, Nobody } from "../access.table.ts";
import { bodyOf, FILE, fileOf, MARK, VTT } from "./access-bodies.ts";
import { ISSUER, startProviderOf } from "./provider.ts";

export const SITE = "http://127.0.0.1:3000";
const DAY_MS = 24 * 3_600_000;
/** Of a member's tokens. */
const SCOPES: Scope[] = ["upload", "read", "manage", "share"];
const wiring: Wiring = {
  buckets: [],
  tables: [],
  rules: [],
  schedules: [],
  queues: {
    work: {
      visibilityTimeoutSeconds: 30,
      maxReceiveCount: 2,
      deadLetter: "work-dead",
      subscriber: { function: "work", batchSize: 1, maximumConcurrency: 1 },
    },
  },
  functions: { work: { handler: "none.mjs", timeoutSeconds: 5 } },
};

export type Headers = Record<string, string>;
type Key = { pk: string; sk: string };

export let core: Awaited<ReturnType<typeof load>>;
const closing: (() => Promise<void>)[] = [];
// makePeople fills it before any test.
const user: Record<"owner" | "other" | "admin", Owner> = Object.create(null);
const token: Partial<Record<Column, Headers>> = {};
export const stranger: Record<Nobody, Headers> = Object.create(null);

async function load() {
  const [{ app }, actor, id, table, seal, User, Session, Token, secret, Share, Upload] =
    await Promise.all([
      import("../app.ts"),
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
  const Captions = await import("@rushes/core/captions/index");
  const AccessKey = await import("@rushes/core/access-key/index");
  const nouns = { User, Session, Token, Share, Upload, Captions, AccessKey };
  return { app, ...actor, id, table, seal, secret, ...nouns };
}

/** Starts the stack, and creates the users with their sessions and tokens. */
export async function startAccess(): Promise<void> {
  const stack = await startStack();
  const provider = await startProviderOf(SITE, "the client's secret");
  const runner = await startRunner({
    dataDir: `${stack.folder}/runner`,
    root: stack.folder,
    wiring,
    env: { AWS_REGION: "us-east-1" },
    delayMs: () => 10,
  });
  const sqs = await startSqs({
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    runner,
    wiring,
    credentials: { accessKeyId: "AKIDTEST", secretAccessKey: "secret" },
  });
  closing.push(sqs.close, runner.close, provider.close, stack.close);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    SST_RESOURCE_DeadLetters: JSON.stringify({ queues: deadLetterQueues(wiring, sqs.url) }),
  });
  core = await load();
  await makePeople();
}

export async function closeAccess(): Promise<void> {
  for (const close of closing) await close();
}

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
  if (!resumed) throw new Error("The new session is not valid.");
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
  // As an admin, who has been a member again since.
  const former: Owner = { ...user.other, role: "admin" };
  token.otherToken = bearer((await newToken(former, [...SCOPES, "keys"])).secret);
  token.keys = bearer((await newToken(user.admin, ["keys"])).secret);
  token.adminToken = bearer((await newToken(user.admin, [...SCOPES, "keys"])).secret);

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

export interface Target {
  id: string;
  address?: string;
  captions?: string;
  /** The rows that no other user may change. */
  keys: Key[];
}

async function newJob(isRunning = false): Promise<Target> {
  const { ownerId } = user.owner;
  const row = jobRow({ ownerId, title: MARK, status: isRunning ? "received" : "complete" });
  await fill([await withSource(row)]);
  return { id: row.id, keys: [core.table.key.job(row.id)] };
}

async function newCaptions(): Promise<Target> {
  const jobId = core.id.JobId.parse((await newJob()).id);
  const { id } = await core.withActor(user.owner, () =>
    core.Captions.add({ jobId, language: "en", name: MARK, file: Buffer.from(VTT) }),
  );
  return { id: jobId, captions: id, keys: [core.table.key.captions(jobId, id)] };
}

async function newShare() {
  const jobId = core.id.JobId.parse((await newJob()).id);
  const share = await core.withActor(user.owner, () =>
    core.Share.create({ jobId, origins: [], allowsPreview: true }),
  );
  const keys = [core.table.key.share(share.id)];
  return { id: share.id, address: share.url.split("/").at(-1) ?? "", keys };
}

async function newUpload(): Promise<Target> {
  const [made] = await core.withActor(user.owner, () => core.Upload.create({ files: [FILE] }));
  const [request] = made?.requests ?? [];
  if (!made?.upload || !request) throw new Error("The upload was rejected.");
  const { url, headers } = request;
  expect((await fetch(url, { method: "PUT", headers, body: "hello" })).status).toBe(200);
  return { id: made.upload.id, keys: [core.table.key.upload(made.upload.id)] };
}

/** Creates a target of the owner's for a route. Each call creates a new one. */
export async function targetOf(route: string): Promise<Target> {
  const [, path = ""] = route.split(" ");
  if (path.startsWith("/uploads")) return newUpload();
  if (/^\/(watch|oembed|shares)/.test(path)) return newShare();
  if (path.startsWith("/account/sessions")) {
    const { id } = await session(user.owner.ownerId);
    return { id, keys: [core.table.key.session(id)] };
  }
  if (path.startsWith("/tokens/")) {
    const { token, secret } = await newToken(user.owner, ["read"]);
    return { id: token.id, keys: [core.table.key.token(core.secret.hashOf(secret))] };
  }
  if (path.startsWith("/keys/")) {
    const { key } = await core.withActor(user.admin, () => core.AccessKey.create({ name: MARK }));
    return { id: key.id, keys: [core.table.key.accessKey(key.id)] };
  }
  if (path.startsWith("/admin/users")) {
    const id = await newUser("somebody");
    const { session: key, user: userKey } = core.table.key;
    return { id, keys: [userKey(id), key((await session(id)).id)] };
  }
  if (path.includes("/captions")) return newCaptions();
  return newJob(path.endsWith("/cancel"));
}

let asked = 0;
export async function ask(route: string, target: Target, headers: Headers) {
  const [method = "", path = ""] = route.split(" ");
  asked += 1;
  const values: Record<string, string> = {
    id: target.id,
    address: target.address ?? "",
    site: SITE,
    captions: target.captions ?? "",
    owner: user.owner.ownerId,
    time: new Date(Date.now() - 1000).toISOString(),
  };
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  const file = fileOf(route);
  const json = bodyOf(route, target);
  const body = file?.body ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await core.app.request(`${SITE}/api${at}`, {
    method,
    headers: {
      // Each request has its own IP address, because another test covers rate limits.
      "x-forwarded-for": `198.51.${asked >> 8}.${asked & 255}`,
      ...(body !== undefined && { "content-type": file?.type ?? "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const code: unknown = isJson ? JSON.parse(text).code : undefined;
  return { status: response.status, code, text };
}

export const rowsOf = ({ keys }: Target) => Promise.all(keys.map((key) => core.table.get(key)));

export const isChange = (route: string) => !route.startsWith("GET ");
export const sameOrigin = { origin: SITE };
export const isPerson = (column: Column) =>
  column === "owner" || column === "other" || column === "admin" ? column : undefined;

/** The headers that a browser or program of that column sends. Each gets a new session, because sign-out ends it. */
export async function headersOf(column: Column): Promise<Headers> {
  const person = isPerson(column);
  if (person) return { ...(await session(user[person].ownerId)).headers, ...sameOrigin };
  return token[column] ?? {};
}
