import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Owner } from "@rushes/core/actor";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { OWNER } from "../../owner.ts";
import { type Stack, startStack } from "../../stack.ts";

const DAY_MS = 24 * 3_600_000;
const anna: Owner = { ...OWNER, ownerId: "own_anna", email: "anna@example.com", via: "session" };
const boss: Owner = { ...anna, ownerId: "own_boss", email: "boss@example.com", role: "admin" };

let stack: Stack;
let Token: typeof import("@rushes/core/token/index");
let Audit: typeof import("@rushes/core/audit/index");
let Actor: typeof import("@rushes/core/actor");
let AccessKey: typeof import("@rushes/core/access-key/index");
let VisibleError: typeof import("@rushes/core/error").VisibleError;
let Table: typeof import("@rushes/core/table/index");

beforeAll(async () => {
  stack = await startStack();
  process.env.SST_RESOURCE_SignIn = JSON.stringify({
    required: true,
    issuer: "https://id.example.com",
    clientId: "rushes",
    clientSecret: "secret",
    groupsClaim: "groups",
    adminGroup: "admins",
    adminEmails: [],
    trustEmail: false,
  });
  [Token, Audit, Actor, Table, AccessKey, { VisibleError }] = await Promise.all([
    import("@rushes/core/token/index"),
    import("@rushes/core/audit/index"),
    import("@rushes/core/actor"),
    import("@rushes/core/table/index"),
    import("@rushes/core/access-key/index"),
    import("@rushes/core/error"),
  ]);
  await Promise.all([account(anna), account(boss)]);
});
afterEach(() => vi.useRealTimers());
afterAll(() => stack.close());

async function account({ ownerId, email, role }: Owner, fields: { disabled?: boolean } = {}) {
  const now = new Date().toISOString();
  const row = {
    ...{ id: ownerId, email, role, issuer: "https://id.example.com", subject: ownerId },
    ...{ disabled: false, time: { created: now, seen: now }, ...fields },
  };
  const Item = { ...Table.key.user(ownerId), ...row, ...Table.index.users(email, ownerId) };
  await Table.client.send(new PutCommand({ TableName: Table.tableName(), Item }));
}

const as = <R>(actor: Owner, run: () => R) => Actor.withActor(actor, run);
const fresh = (fields: Partial<Parameters<typeof Token.create>[0]> = {}) => ({
  name: "nightly",
  scopes: ["read" as const],
  expiresInDays: 30,
  ...fields,
});
const make = (actor: Owner, fields: Parameters<typeof fresh>[0] = {}) =>
  as(actor, () => Token.create(fresh(fields)));
const at = (time: number) => vi.useFakeTimers({ toFake: ["Date"], now: time });

describe("a token", () => {
  test("acts as its owner, with its scopes, and never as an admin", async () => {
    const { token, secret } = await make(boss, { scopes: ["read", "upload", "read"] });
    expect(token.scopes).toEqual(["upload", "read"]);
    expect(await Token.resolve(secret)).toEqual({
      ...{ type: "owner", ownerId: boss.ownerId, email: boss.email, role: "member" },
      ...{ scopes: ["upload", "read"], via: "token", credentialId: token.id },
    });
  });

  test("is shown once: neither lists nor the table contain its secret", async () => {
    const { token, secret } = await make(anna);
    const listed = await as(anna, () => Token.list());
    expect(listed[0]).toEqual(token);
    const kept = await Table.queryAll({
      index: "owner",
      partition: Table.index.ownerTokens(anna.ownerId, "").ownerPk,
    });
    expect(JSON.stringify([listed, kept])).not.toContain(secret.slice(8));
    expect(token.start).toBe(secret.slice(0, 8));
  });

  test("with one wrong character is rejected without reading the table", async () => {
    const { secret } = await make(anna);
    const reads = vi.spyOn(Table.client, "send");
    const wrong = secret.slice(0, 20) + (secret[20] === "a" ? "b" : "a") + secret.slice(21);
    expect(await Token.resolve(wrong)).toBeUndefined();
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
  });

  test("that was never created is invalid", async () => {
    const { create } = await import("@rushes/core/token/secret");
    expect(await Token.resolve(create())).toBeUndefined();
  });

  test("expires on time, even while its row still exists", async () => {
    const { token, secret } = await make(anna, { expiresInDays: 1 });
    const end = Date.parse(token.time.expires);
    at(end - 1);
    expect(await Token.resolve(secret)).toBeDefined();
    at(end);
    expect(await Token.resolve(secret)).toBeUndefined();
    const ids = (await as(anna, () => Token.list())).map((one) => one.id);
    expect(ids).not.toContain(token.id);
  });

  test("of a disabled user is invalid until the user is enabled again", async () => {
    const carl: Owner = { ...anna, ownerId: "own_carl", email: "carl@example.com" };
    await account(carl);
    const { secret } = await make(carl);
    await account(carl, { disabled: true });
    expect(await Token.resolve(secret)).toBeUndefined();
    await account({ ...carl, email: "new@example.com" });
    expect(await Token.resolve(secret)).toMatchObject({ email: "new@example.com" });
  });

  test("of the local user stops working once sign-in is required", async () => {
    const { secret } = await make(OWNER);
    expect(await Token.resolve(secret)).toBeUndefined();
  });

  test("records its last use to the minute", async () => {
    const { token, secret } = await make(anna);
    const used = async () =>
      (await as(anna, () => Token.list())).find((one) => one.id === token.id)?.time.used;
    expect(await used()).toBeUndefined();
    const start = Date.now();
    const resolveAt = async (time: number) => {
      at(time);
      await Token.resolve(secret);
    };
    const iso = (time: number) => new Date(time).toISOString();
    await resolveAt(start);
    await expect.poll(used, { interval: 10 }).toBe(iso(start));
    const sent = vi.spyOn(Table.client, "send");
    await resolveAt(start + 59_000);
    // The token and its user are read, and nothing is written.
    expect(sent).toHaveBeenCalledTimes(2);
    sent.mockRestore();
    await resolveAt(start + 60_000);
    await expect.poll(used, { interval: 10 }).toBe(iso(start + 60_000));
  });
});

describe("the scope `keys`", () => {
  const scopes = ["read" as const, "keys" as const];
  /** What a token may do with access keys. */
  async function listsKeys(secret: string): Promise<string> {
    const actor = await Token.resolve(secret);
    if (!actor) return "invalid";
    return as(actor, () => AccessKey.list()).then(
      () => "done",
      (error: unknown) => (error instanceof VisibleError ? error.code : "failed"),
    );
  }

  test("is for admins to give: a member cannot create such a token", async () => {
    const rejected = make(anna, { scopes });
    const message = 'Only an admin can create a token with the scope "keys".';
    await expect(rejected).rejects.toMatchObject({ code: "actor.admin", message });
    const { secret } = await make(boss, { scopes });
    expect(await listsKeys(secret)).toBe("done");
  });

  test("allows nothing from the moment that its owner is no admin any more", async () => {
    const eve: Owner = { ...boss, ownerId: "own_eve", email: "eve@example.com" };
    await account(eve);
    const { secret } = await make(eve, { scopes });
    expect(await listsKeys(secret)).toBe("done");
    await account({ ...eve, role: "member" });
    expect(await listsKeys(secret)).toBe("actor.admin");
    await account(eve, { disabled: true });
    expect(await listsKeys(secret)).toBe("invalid");
  });

  test("is what a token needs, even an admin's", async () => {
    const { secret } = await make(boss, { scopes: ["upload", "read", "manage", "share"] });
    expect(await listsKeys(secret)).toBe("actor.scope");
  });
});

describe("revoking a token", () => {
  test("takes effect on the next request", async () => {
    const { token, secret } = await make(anna);
    await as(anna, () => Token.remove(token.id));
    expect(await Token.resolve(secret)).toBeUndefined();
    const gone = { code: "token.not_found" };
    await expect(as(anna, () => Token.remove(token.id))).rejects.toMatchObject(gone);
  });

  test("is possible for its owner only; for others, including admins, the token does not exist", async () => {
    const { token, secret } = await make(anna);
    const gone = { kind: "not_found", code: "token.not_found" };
    await expect(as(boss, () => Token.remove(token.id))).rejects.toMatchObject(gone);
    expect(await Token.resolve(secret)).toBeDefined();
    const others = await as(boss, () => Token.list());
    expect(others.map((one) => one.id)).not.toContain(token.id);
  });

  test("during a request leaves no row", async () => {
    const { token, secret } = await make(anna);
    await Promise.all([Token.resolve(secret), as(anna, () => Token.remove(token.id))]);
    await Token.resolve(secret);
    const { hashOf } = await import("@rushes/core/token/secret");
    expect(await Table.get(Table.key.token(hashOf(secret)))).toBeUndefined();
  });
});

test("limits an owner to fifty tokens, without expired ones", async () => {
  const dora: Owner = { ...anna, ownerId: "own_dora", email: "dora@example.com" };
  await account(dora);
  const now = Date.now();
  at(now - 2 * DAY_MS);
  await make(dora, { expiresInDays: 1 });
  at(now);
  for (let count = 0; count < 50; count += 1) await make(dora, { expiresInDays: 1 });
  const many = { kind: "conflict", code: "token.too_many" };
  await expect(make(dora)).rejects.toMatchObject(many);
  const [newest] = await as(dora, () => Token.list());
  if (newest) await as(dora, () => Token.remove(newest.id));
  await expect(make(dora)).resolves.toBeDefined();
});

test("does not let a token create, list or revoke tokens, whatever its scopes", async () => {
  const { token, secret } = await make(anna, { scopes: ["upload", "read", "manage"] });
  const actor = await Token.resolve(secret);
  if (!actor) throw new Error("It was rejected.");
  const person = { kind: "forbidden", code: "actor.person" };
  await expect(make(actor)).rejects.toMatchObject(person);
  await expect(as(actor, () => Token.list())).rejects.toMatchObject(person);
  await expect(as(actor, () => Token.remove(token.id))).rejects.toMatchObject(person);
  await expect(Token.create(fresh())).rejects.toMatchObject({ code: "actor.required" });
});

test("records in the audit log who created and revoked a token", async () => {
  const { token } = await make(anna, { scopes: ["manage"] });
  await as(anna, () => Token.remove(token.id));
  const day = new Date().toISOString().slice(0, 10);
  const { events } = await as(boss, () => Audit.list({ day, limit: 100 }));
  const of = events.filter((one) => one.target === token.id);
  expect(of).toMatchObject([
    { action: "token.revoked", ownerId: anna.ownerId, email: anna.email, via: "session" },
    { action: "token.created", detail: { scopes: "manage", expires: token.time.expires } },
  ]);
});
