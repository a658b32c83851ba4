import { ABSOLUTE_MS, GRACE_MS, IDLE_MS, ROTATE_MS, TOUCH_MS } from "@rushes/core/session/rotation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack.ts";

const ISSUER = "https://sign-in.example.com";
const START = Date.now();

let stack: Stack;
let core: Awaited<ReturnType<typeof load>>;

async function load() {
  const [actor, request, session, table, user, audit] = await Promise.all([
    import("@rushes/core/actor"),
    import("@rushes/core/request"),
    import("@rushes/core/session/index"),
    import("@rushes/core/table/index"),
    import("@rushes/core/user/index"),
    import("@rushes/core/audit/index"),
  ]);
  return { actor, request, session, table, user, audit };
}

beforeAll(async () => {
  stack = await startStack();
  process.env.SST_RESOURCE_SignIn = JSON.stringify({
    required: true,
    issuer: ISSUER,
    clientId: "rushes",
    clientSecret: "secret",
    groupsClaim: "groups",
    adminGroup: "admins",
    adminEmails: ["Boss@Example.com"],
    trustEmail: false,
  });
  core = await load();
});
afterAll(() => stack.close());

const system = <R>(run: () => R) => core.actor.withActor({ type: "system" }, run);

let subjects = 0;
/** A user who signed in with the provider. Give only the fields that matter to the test. */
const identity = (fields: Partial<Parameters<typeof core.user.signIn>[0]> = {}) => {
  subjects += 1;
  const subject = `subject-${subjects}`;
  const email = `${subject}@example.com`;
  return { issuer: ISSUER, subject, email, emailVerified: true, groups: [], ...fields };
};

/** A new user with a session that started at START. */
async function signedIn(fields: Parameters<typeof identity>[0] = {}) {
  const user = await system(() => core.user.signIn(identity(fields)));
  const { cookie } = await core.request.withRequest({ address: "192.0.2.7", agent: "Test" }, () =>
    system(() => core.session.create({ ownerId: user.id, idToken: "the.id.token", now: START })),
  );
  return { user, cookie };
}

/** Asserts that the cookie is accepted, and returns the result. */
async function resume(cookie: string, now = START + 1000) {
  const resumed = await core.session.resume(cookie, now);
  if (!resumed) throw new Error("The cookie was not taken.");
  return resumed;
}

const code = (name: string) => expect.objectContaining({ code: name });

describe("a user", () => {
  test("is identified by issuer and subject, not by mail address", async () => {
    const email = "same@example.com";
    const first = await system(() => core.user.signIn(identity({ subject: "one", email })));
    const second = await system(() => core.user.signIn(identity({ subject: "two", email })));
    const moved = identity({ subject: "one", email: "new@example.com", name: "One" });
    const again = await system(() => core.user.signIn(moved));
    expect(first.id).toMatch(/^own_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(second.id).not.toBe(first.id);
    expect(again).toMatchObject({ id: first.id, email: "new@example.com", name: "One" });
    expect(again.time.created).toBe(first.time.created);
  });

  test("is created once by two concurrent first sign-ins", async () => {
    const twin = identity();
    const both = await Promise.all([1, 2].map(() => system(() => core.user.signIn(twin))));
    expect(both[0]?.id).toBe(both[1]?.id);
  });

  test("is an admin while the provider's group or a verified address says so", async () => {
    const role = async (fields: Parameters<typeof identity>[0]) =>
      (await system(() => core.user.signIn(identity({ subject: "role", ...fields })))).role;
    expect(await role({ groups: ["staff"] })).toBe("member");
    expect(await role({ groups: ["staff", "admins"] })).toBe("admin");
    expect(await role({ groups: [] })).toBe("member");
    expect(await role({ email: "boss@example.com" })).toBe("admin");
  });

  test.each([
    ["no address", { email: undefined }],
    ["an invalid address", { email: "nobody" }],
    ["an unverified address", { emailVerified: false }],
    ["an address nobody says anything of", { emailVerified: undefined }],
  ])("with %s is rejected", async (_, fields) => {
    const attempt = system(() => core.user.signIn(identity(fields)));
    await expect(attempt).rejects.toEqual(code("signin.email"));
  });
});

describe("a session", () => {
  test("identifies its user, and cannot be derived from the table", async () => {
    const { user, cookie } = await signedIn();
    const { actor, session } = await resume(cookie);
    expect(actor).toMatchObject({ ownerId: user.id, role: "member", via: "session" });
    expect(session).toMatchObject({ current: true, address: "192.0.2.7", agent: "Test" });
    const row = await core.table.get(core.table.key.session(session.id));
    expect(cookie).not.toContain(session.id);
    expect(JSON.stringify(row)).not.toContain("the.id.token");
    expect(await core.session.resume(session.id, START)).toBeUndefined();
  });

  test("is invalid if one character of its cookie changes", async () => {
    const { cookie } = await signedIn();
    for (let at = 0; at < cookie.length; at += 1) {
      const other = cookie[at] === "A" ? "B" : "A";
      const changed = cookie.slice(0, at) + other + cookie.slice(at + 1);
      expect(await core.session.resume(changed, START), String(at)).toBeUndefined();
    }
    // The last character has bits that decoders ignore.
    for (const last of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
      const taken = await core.session.resume(cookie.slice(0, -1) + last, START);
      expect(taken !== undefined).toBe(cookie.endsWith(last));
    }
  });

  test("ends two days after its last use and two weeks after its start", async () => {
    const { cookie } = await signedIn();
    expect(await core.session.resume(cookie, START + IDLE_MS)).toBeUndefined();
    let now = START;
    let carried = cookie;
    while (now + IDLE_MS / 2 < START + ABSOLUTE_MS) {
      now += IDLE_MS / 2;
      carried = (await resume(carried, now)).renewed?.cookie ?? carried;
    }
    expect(await core.session.resume(carried, START + ABSOLUTE_MS)).toBeUndefined();
  });

  test("gets a new cookie after 15 minutes, and still answers concurrent requests", async () => {
    const { cookie } = await signedIn();
    const later = START + ROTATE_MS;
    const answers = await Promise.all([1, 2, 3, 4].map(() => resume(cookie, later)));
    const renewed = answers.flatMap((one) => one.renewed ?? []);
    expect(renewed).toHaveLength(1);
    const next = renewed[0]?.cookie ?? "";
    expect((await resume(next, later + 1000)).renewed).toBeUndefined();
    expect((await resume(cookie, later + 1000 + GRACE_MS)).renewed).toBeUndefined();
  });

  test("continues with the previous cookie if the new one was lost", async () => {
    const { cookie } = await signedIn();
    const { renewed: lost } = await resume(cookie, START + ROTATE_MS);
    const later = START + 10 * ROTATE_MS;
    const { renewed } = await resume(cookie, later);
    expect(renewed).toBeDefined();
    // If the lost cookie is used, someone else has it.
    expect(await core.session.resume(lost?.cookie ?? "", later)).toBeUndefined();
    expect(await core.session.resume(renewed?.cookie ?? "", later)).toBeUndefined();
  });

  test("is revoked and recorded in the audit log if an old cookie returns", async () => {
    const { user, cookie } = await signedIn();
    const { renewed } = await resume(cookie, START + ROTATE_MS);
    const next = renewed?.cookie ?? "";
    await resume(next, START + ROTATE_MS + 1);
    const late = START + ROTATE_MS + 2 + GRACE_MS;
    expect(await core.session.resume(cookie, late)).toBeUndefined();
    expect(await core.session.resume(next, late)).toBeUndefined();
    const { actor: admin } = await resume((await signedIn({ groups: ["admins"] })).cookie);
    const day = new Date().toISOString().slice(0, 10);
    const { events } = await core.actor.withActor(admin, () => core.audit.list({ day }));
    expect(events).toContainEqual(
      expect.objectContaining({ action: "session.stolen", ownerId: user.id, email: user.email }),
    );
  });

  test("records its use every five minutes, and is not revived by a concurrent request", async () => {
    const { cookie } = await signedIn();
    const { actor, session } = await resume(cookie);
    expect((await resume(cookie, START + TOUCH_MS)).session.time.seen).toBe(session.time.seen);
    const touched = await resume(cookie, START + 1000 + TOUCH_MS);
    expect(touched.session.time.seen).not.toBe(session.time.seen);
    const late = START + 1000 + 2 * TOUCH_MS;
    await Promise.all([
      core.actor.withActor(actor, () => core.session.end()),
      ...[1, 2, 3].map(() => core.session.resume(cookie, late)),
    ]);
    expect(await core.table.get(core.table.key.session(session.id))).toBeUndefined();
  });

  test("is ended by its owner from the list and by id, and returns the provider's token", async () => {
    const { user, cookie } = await signedIn();
    const other = await system(() => core.session.create({ ownerId: user.id }));
    const { actor, session } = await resume(cookie);
    const asOwner = <R>(run: () => R) => core.actor.withActor(actor, run);
    const all = await asOwner(() => core.session.list());
    expect(all).toHaveLength(2);
    expect(all.find((one) => one.current)?.id).toBe(session.id);
    const elsewhere = all.find((one) => !one.current)?.id ?? "";
    expect(await asOwner(() => core.session.endById(elsewhere))).toEqual({ current: false });
    expect(await core.session.resume(other.cookie)).toBeUndefined();
    const again = asOwner(() => core.session.endById(elsewhere));
    await expect(again).rejects.toEqual(code("session.not_found"));
    expect(await asOwner(() => core.session.end())).toEqual({ idToken: "the.id.token" });
    expect(await core.session.resume(cookie, START + 2000)).toBeUndefined();
  });

  test("of another user is not found", async () => {
    const [caller, target] = [await signedIn(), await signedIn()];
    const { session } = await resume(target.cookie);
    const { actor } = await resume(caller.cookie);
    const attempt = core.actor.withActor(actor, () => core.session.endById(session.id));
    await expect(attempt).rejects.toEqual(code("session.not_found"));
    await resume(target.cookie);
  });
});

describe("an admin", () => {
  test("ends all sessions of another user, but not their own", async () => {
    const { user, cookie } = await signedIn();
    const boss = await resume((await signedIn({ groups: ["admins"] })).cookie);
    const endAll = (id: string) => core.actor.withActor(boss.actor, () => core.session.endAll(id));
    await endAll(user.id);
    expect(await core.session.resume(cookie, START + 1000)).toBeUndefined();
    await expect(endAll(boss.actor.ownerId)).rejects.toEqual(code("user.self"));
    await expect(endAll("own_nobody")).rejects.toEqual(code("user.not_found"));
    const member = await resume((await signedIn()).cookie);
    const attempt = core.actor.withActor(member.actor, () => core.session.endAll(user.id));
    await expect(attempt).rejects.toEqual(code("actor.admin"));
  });

  test("disables a user: open sessions end and no new one starts", async () => {
    const { user, cookie } = await signedIn();
    const boss = await resume((await signedIn({ groups: ["admins"] })).cookie);
    const update = (id: string, disabled: boolean) =>
      core.actor.withActor(boss.actor, () => core.user.update({ id, disabled }));
    expect(await update(user.id, true)).toMatchObject({ disabled: true });
    expect(await core.session.resume(cookie, START + 1000)).toBeUndefined();
    const { subject } = user;
    const attempt = system(() => core.user.signIn(identity({ subject })));
    await expect(attempt).rejects.toEqual(code("user.disabled"));
    const planted = system(() => core.session.create({ ownerId: user.id }));
    await expect(planted).rejects.toEqual(code("user.disabled"));
    await update(user.id, false);
    expect(await core.session.resume(cookie, START + 1000)).toBeUndefined();
    expect(await system(() => core.user.signIn(identity({ subject })))).toMatchObject({
      disabled: false,
    });
    await expect(update(boss.actor.ownerId, true)).rejects.toEqual(code("user.self"));
    await expect(update("own_nobody", true)).rejects.toEqual(code("user.not_found"));
  });

  test("disables a user while a session starts: the session is invalid", async () => {
    const { user, cookie } = await signedIn();
    const { update, key, apply } = core.table;
    await apply(update({ key: key.user(user.id), set: { disabled: true } }));
    expect(await core.session.resume(cookie, START + 1000)).toBeUndefined();
  });

  test("lists all users page by page, by mail address", async () => {
    const boss = await resume((await signedIn({ groups: ["admins"] })).cookie);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await core.actor.withActor(boss.actor, () =>
        core.user.list({ cursor, limit: 3 }),
      );
      expect(page.users.length).toBeLessThanOrEqual(3);
      seen.push(...page.users.map((one) => `${one.email} ${one.id}`));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort());
    const member = await resume((await signedIn()).cookie);
    const attempt = core.actor.withActor(member.actor, () => core.user.list());
    await expect(attempt).rejects.toEqual(code("actor.admin"));
  });
});
