// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Browser, createBrowser } from "./testing/browser.ts";
import { type Account, ISSUER, startProvider, type TestProvider } from "./testing/provider.ts";

const SITE = "http://127.0.0.1:3000";

const logged: string[] = [];
let stack: Stack;
let provider: TestProvider;
let app: typeof import("./app.ts").app;
let table: typeof import("@rushes/core/table/index");
let core: {
  actor: typeof import("@rushes/core/actor");
  user: typeof import("@rushes/core/user/index");
};

beforeAll(async () => {
  stack = await startStack();
  const client = { id: "rushes", secret: "the client's secret: it's + 100%" };
  const redirectUri = `${SITE}/api/auth/callback`;
  provider = await startProvider({ ...client, redirectUri, postLogoutUri: `${SITE}/sign-in` });
  process.env.SST_RESOURCE_SignIn = JSON.stringify({
    required: true,
    issuer: ISSUER,
    clientId: client.id,
    clientSecret: client.secret,
    backchannel: provider.backchannel,
    groupsClaim: "groups",
    adminGroup: "admins",
    adminEmails: [],
    trustEmail: false,
  });
  ({ app } = await import("./app.ts"));
  table = await import("@rushes/core/table/index");
  core = {
    actor: await import("@rushes/core/actor"),
    user: await import("@rushes/core/user/index"),
  };
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    logged.push(String(text));
    return true;
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([stack.close(), provider.close()]);
});
afterEach(() => {
  Object.assign(provider.state, { person: undefined, isDown: false, tamper: undefined });
});

/** The reverse proxy in front of the provider, as browsers reach it. */
function throughDoor(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", "http");
  return fetch(`${provider.backchannel}${url.pathname}${url.search}`, {
    method: request.method,
    headers,
    redirect: "manual",
  });
}

let addresses = 0;
const nextAddress = () => {
  addresses += 1;
  return `198.51.100.${addresses}`;
};
/** A new browser with its own IP address. */
function fresh(address = nextAddress()) {
  const serve = (request: Request) => {
    const headers = new Headers(request.headers);
    headers.set("x-forwarded-for", address);
    return app.request(new Request(request, { headers }));
  };
  return createBrowser({ [SITE]: serve, "http://localhost:3000": serve, [ISSUER]: throughDoor });
}

let people = 0;
const someone = (fields: Partial<Account> = {}): Account => {
  people += 1;
  const sub = `person-${people}`;
  return { sub, email: `${sub}@example.com`, email_verified: true, name: "Some One", ...fields };
};

const isPage = (url: URL) => url.origin === SITE && !url.pathname.startsWith("/api/");
const isCallback = (url: URL) => url.pathname === "/api/auth/callback";

/** Signs a user in, and returns the final page. */
function signIn(browser: Browser, person: Account | undefined, to = "/jobs?q=a"): Promise<URL> {
  provider.state.person = person;
  return browser.go(`${SITE}/api/auth/sign-in?returnTo=${encodeURIComponent(to)}`, isPage);
}

/** Runs a sign-in up to the provider's response, and does not deliver it yet. */
function answerFor(browser: Browser, person: Account): Promise<URL> {
  provider.state.person = person;
  return browser.go(`${SITE}/api/auth/sign-in?returnTo=%2Fjobs%3Fq%3Da`, isCallback);
}

const path = (url: URL) => `${url.pathname}${url.search}`;
const refused = (code: string) => `/sign-in?problem=${code}&returnTo=%2Fjobs%3Fq%3Da`;
const session = (browser: Browser) => browser.jar(SITE).find(({ name }) => name === "rushes");

async function account(browser: Browser) {
  const response = await browser.ask(`${SITE}/api/account`);
  return { status: response.status, body: await response.json() };
}
const change = (browser: Browser, method: string, at: string) =>
  browser.ask(`${SITE}${at}`, { method, headers: { origin: SITE } });

/** A browser with a new signed-in user. */
async function signedIn(fields: Partial<Account> = {}) {
  const browser = fresh();
  expect(path(await signIn(browser, someone(fields)))).toBe("/jobs?q=a");
  const { body } = await account(browser);
  return { browser, user: body.user };
}

describe("signing in", () => {
  test("returns to the requested page, as the owner of issuer and subject", async () => {
    const browser = fresh();
    expect((await account(browser)).body.code).toBe("actor.required");
    const person = someone();
    expect(path(await signIn(browser, person))).toBe("/jobs?q=a");
    expect(await account(browser)).toMatchObject({
      status: 200,
      body: {
        signIn: true,
        user: {
          id: core.user.ownerIdOf(ISSUER, person.sub),
          email: person.email,
          name: "Some One",
          role: "member",
        },
      },
    });
    const cookie = session(browser);
    expect(cookie?.attributes).toMatch(/^Path=\/; Expires=.+ GMT; HttpOnly; SameSite=Lax$/);
    // The sign-in left no cookie, and scripts cannot read the session's cookie.
    expect(browser.jar(SITE)).toHaveLength(1);
  });

  test("uses PKCE and a new state and nonce each time", async () => {
    const asked = await Promise.all(
      [1, 2].map(async () => {
        const response = await fresh().ask(`${SITE}/api/auth/sign-in`);
        expect(response.status).toBe(302);
        expect(response.headers.get("cache-control")).toBe("no-store");
        expect(response.headers.get("set-cookie")).toMatch(
          /^rushes-sign-in-[\w-]{12}=[^;]+; Path=\/api\/auth; Max-Age=600; HttpOnly; SameSite=Lax$/,
        );
        return new URL(response.headers.get("location") ?? "").searchParams;
      }),
    );
    expect(asked[0]?.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(asked[0]?.get(name)).toMatch(/^[\w-]{43}$/);
      expect(asked[0]?.get(name)).not.toBe(asked[1]?.get(name));
    }
  });

  test("makes members of the provider's group admins", async () => {
    expect((await signedIn({ groups: ["admins"] })).user.role).toBe("admin");
  });

  test.each([
    ["one text, of a user with one group", "admins", "admin"],
    ["objects with names", [{ id: "1", name: "admins" }], "admin"],
    ["a text that only begins with the name", "admins of nothing", "member"],
  ])("reads the groups from %s", async (_, groups, role) => {
    provider.state.tamper = (claims) => ({
      ...{ ...claims, email: "groups@example.com", email_verified: true, groups },
    });
    expect((await signedIn()).user.role).toBe(role);
  });

  test("rejects groups in an unknown format, and logs the format without the values", async () => {
    provider.state.tamper = (claims) => ({
      ...{ ...claims, email: "groups@example.com", email_verified: true, groups: [["secret"]] },
    });
    const page = await signIn(fresh(), someone());
    expect(path(page)).toBe(refused("signin.groups"));
    const line = logged.find((text) => text.includes("RUSHES_OIDC_GROUPS_CLAIM"));
    expect(line).toContain("a list with a list in it");
    expect(logged.join("")).not.toContain("secret");
  });

  test("lets a rejected user sign in with another account", async () => {
    const browser = fresh();
    const person = someone({ email_verified: false });
    expect(path(await signIn(browser, person))).toBe(refused("signin.email"));
    // The provider has a session for this user and does not prompt.
    const verified = { ...person, email_verified: true };
    expect(path(await signIn(browser, verified))).toBe(refused("signin.email"));
    const again = `${SITE}/api/auth/sign-in?returnTo=/jobs&prompt=login`;
    expect(path(await browser.go(again, isPage))).toBe("/jobs");
  });

  test("works in two windows at the same time", async () => {
    const browser = fresh();
    const [first, second] = [someone(), someone()];
    const one = await answerFor(browser, first);
    const two = await answerFor(fresh(), second);
    const other = await answerFor(browser, first);
    expect(path(await browser.go(one.href, isPage))).toBe("/jobs?q=a");
    expect(path(await browser.go(other.href, isPage))).toBe("/jobs?q=a");
    expect(path(await browser.go(two.href, isPage))).toBe("/sign-in?problem=signin.state");
  });

  test("does not accumulate cookies, however often it starts", async () => {
    const browser = fresh();
    for (let times = 0; times < 20; times += 1) await browser.ask(`${SITE}/api/auth/sign-in`);
    expect(browser.jar(SITE).length).toBeLessThanOrEqual(6);
  });

  test("started under another host name continues under the one in the settings", async () => {
    provider.state.person = someone();
    const start = "http://localhost:3000/api/auth/sign-in?returnTo=/jobs";
    expect(path(await fresh().go(start, isPage))).toBe("/jobs");
  });

  test.each(["//evil.example", "https://evil.example/", "/\\evil.example", "/api/jobs"])(
    "never redirects to %s",
    async (to) => {
      expect(path(await signIn(fresh(), someone(), to))).toBe("/");
    },
  );

  test("always starts a new session, and ends the browser's previous one", async () => {
    const browser = fresh();
    const person = someone();
    // Cookies that an attacker planted: a random value, and the whole session of another user.
    const planted = session((await signedIn()).browser)?.value ?? "";
    browser.sets(SITE, `rushes=${planted}; Path=/`);
    await signIn(browser, person);
    expect(session(browser)?.value).not.toBe(planted);
    expect((await account(browser)).body.user.email).toBe(person.email);
    const thief = fresh();
    thief.sets(SITE, `rushes=${planted}; Path=/`);
    expect((await account(thief)).status).toBe(401);
  });

  test("creates two owners for two accounts with the same address", async () => {
    const email = "shared@example.com";
    const [first, second] = [await signedIn({ email }), await signedIn({ email })];
    expect(first.user.email).toBe(second.user.email);
    expect(first.user.id).not.toBe(second.user.id);
  });
});

describe("a sign-in is rejected, with the reason on the sign-in page:", () => {
  const outcome = async (browser: Browser, callback: URL) => {
    const page = path(await browser.go(callback.href, isPage));
    expect(session(browser)).toBeUndefined();
    return page;
  };
  const tampered = async (tamper: NonNullable<typeof provider.state.tamper>) => {
    const browser = fresh();
    provider.state.tamper = tamper;
    return outcome(browser, await answerFor(browser, someone()));
  };

  test("with another state", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    callback.searchParams.set("state", "of-somebody-else");
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("with a state that starts with the right characters", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    const state = callback.searchParams.get("state") ?? "";
    callback.searchParams.set("state", `${state.slice(0, -1)}~`);
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("without a state", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    callback.searchParams.delete("state");
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("in a browser that did not start it", async () => {
    const callback = await answerFor(fresh(), someone());
    expect(await outcome(fresh(), callback)).toBe("/sign-in?problem=signin.state");
  });

  test("with a changed sign-in cookie", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    const [begun] = browser.jar(SITE);
    browser.sets(SITE, `${begun?.name}=${begun?.value.replace(/.$/, "~")}; Path=/api/auth`);
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("with a used code", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    const [begun] = browser.jar(SITE);
    expect(path(await browser.go(callback.href, isPage))).toBe("/jobs?q=a");
    const replaying = fresh();
    replaying.sets(SITE, `${begun?.name}=${begun?.value}; Path=/api/auth`);
    expect(await outcome(replaying, callback)).toBe(refused("signin.state"));
  });

  test("with a made-up code", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    callback.searchParams.set("code", "made-up");
    expect(await outcome(browser, callback)).toBe(refused("signin.state"));
  });

  test("with the nonce of another sign-in", async () => {
    const page = await tampered((claims) => ({ ...claims, nonce: "of-somebody-else" }));
    expect(page).toBe(refused("signin.invalid"));
  });

  test("without a nonce", async () => {
    const page = await tampered(({ nonce: _, ...claims }) => claims);
    expect(page).toBe(refused("signin.invalid"));
  });

  test.each([
    ["audience", { aud: "another-app" }],
    ["issuer", { iss: "https://evil.example" }],
  ])("with a token of another %s", async (_, claims) => {
    const page = await tampered((before) => ({ ...before, ...claims }));
    expect(page).toBe(refused("signin.invalid"));
  });

  test("with a token that the provider did not sign", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    const { generateKeyPairSync } = await import("node:crypto");
    const { key } = provider.state;
    provider.state.key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    provider.state.tamper = (claims) => claims;
    expect(await outcome(browser, callback)).toBe(refused("signin.invalid"));
    provider.state.key = key;
  });

  test.each([
    ["ten minutes fast", 600],
    ["ten minutes slow", -600],
  ])("by a provider whose clock is %s", async (_, seconds) => {
    const page = await tampered((claims) => ({
      ...claims,
      iat: Number(claims.iat) + seconds,
      exp: Number(claims.iat) + seconds + 300,
    }));
    expect(page).toBe(refused("signin.clock"));
  });

  test("except with a clock that is off by 20 seconds, which is accepted", async () => {
    provider.state.tamper = (claims) => ({ ...claims, iat: Number(claims.iat) + 20 });
    expect(path(await signIn(fresh(), someone()))).toBe("/jobs?q=a");
  });

  test("while the provider is down at the callback; the next one works", async () => {
    const browser = fresh();
    const callback = await answerFor(browser, someone());
    provider.state.isDown = true;
    expect(await outcome(browser, callback)).toBe(refused("signin.unavailable"));
    provider.state.isDown = false;
    expect(path(await signIn(browser, someone()))).toBe("/jobs?q=a");
  });

  test("while the provider has never been reachable; the next one starts", async () => {
    const cold = await coldApp();
    provider.state.isDown = true;
    const begin = async () =>
      (await cold.request(`${SITE}/api/auth/sign-in?returnTo=/jobs?q=a`)).headers;
    expect((await begin()).get("location")).toBe(`${SITE}${refused("signin.unavailable")}`);
    provider.state.isDown = false;
    expect((await begin()).get("location")).toMatch(new RegExp(`^${ISSUER}/auth`));
  });

  test("after too many from one network, which must wait", async () => {
    const { take } = await import("@rushes/core/limit/index");
    const of = "203.0.113.9";
    // All except one, as auth.ts counts.
    for (let times = 0; times < 12; times += 1) {
      await Promise.all(
        Array.from({ length: 50 }, () =>
          take({ kind: "sign-in", of, max: 600, windowSeconds: 900 }),
        ),
      );
    }
    expect(path(await signIn(fresh(of), someone()))).toBe(refused("rate.limited"));
    expect(path(await signIn(fresh(), someone()))).toBe("/jobs?q=a");
  });

  test("by a user who denies consent", async () => {
    const browser = fresh();
    expect(path(await signIn(browser, undefined))).toBe(refused("signin.denied"));
    expect(session(browser)).toBeUndefined();
  });

  test.each([
    ["an unverified mail address", { email_verified: false }],
    ["no mail address", { email: undefined, email_verified: undefined }],
    ["an address that the provider says nothing of", { email_verified: undefined }],
  ])("with %s", async (_, fields) => {
    const browser = fresh();
    expect(path(await signIn(browser, someone(fields)))).toBe(refused("signin.email"));
    expect(session(browser)).toBeUndefined();
  });

  test("of a disabled user, whose open session ends at once", async () => {
    const admin = await signedIn({ groups: ["admins"] });
    const person = someone();
    const browser = fresh();
    await signIn(browser, person);
    const id = core.user.ownerIdOf(ISSUER, person.sub);
    const off = await admin.browser.ask(`${SITE}/api/admin/users/${id}`, {
      method: "PATCH",
      headers: { origin: SITE, "content-type": "application/json" },
      body: JSON.stringify({ disabled: true }),
    });
    expect(off.status).toBe(200);
    expect((await account(browser)).status).toBe(401);
    expect(path(await signIn(browser, person))).toBe(refused("user.disabled"));
  });
});

describe("a session", () => {
  test("whose cookie has one changed character is invalid", async () => {
    const { browser } = await signedIn();
    const value = session(browser)?.value ?? "";
    const at = value.lastIndexOf(".") - 10;
    const changed = value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
    browser.sets(SITE, `rushes=${changed}; Path=/`);
    expect(await account(browser)).toMatchObject({ status: 401, body: { code: "actor.required" } });
  });

  test("that has ended removes no cookie of a newer session", async () => {
    const browser = fresh();
    const person = someone();
    await signIn(browser, person);
    const cookie = `rushes=${session(browser)?.value}`;
    await signIn(browser, person);
    const late = await app.request(`${SITE}/api/account`, { headers: { cookie } });
    expect([late.status, late.headers.get("set-cookie")]).toEqual([401, null]);
    expect((await account(browser)).status).toBe(200);
  });

  test.each([5_000, 16 * 1024, 10 * 1024 ** 2])(
    "of %d characters is invalid, and no internal error",
    async (size) => {
      const headers = { cookie: `rushes=${"a".repeat(size)}` };
      const response = await app.request(`${SITE}/api/account`, { headers });
      expect(response.status).toBe(401);
    },
  );

  test("gets a new cookie after 15 minutes with any response", async () => {
    const { browser } = await signedIn();
    for (const at of ["/api/account", "/api/nothing", "/api/jobs?limit=0"]) {
      const before = session(browser)?.value;
      await age(browser, 16);
      await browser.ask(`${SITE}${at}`);
      expect(session(browser)?.value, at).not.toBe(before);
      expect((await account(browser)).status).toBe(200);
    }
  });

  test("whose copied cookie returns after its rotation ends for owner and thief", async () => {
    const { browser } = await signedIn();
    const thief = fresh();
    thief.sets(SITE, `rushes=${session(browser)?.value}; Path=/`);
    await age(browser, 16);
    await account(browser);
    await account(browser);
    await age(browser, 2);
    expect((await account(thief)).status).toBe(401);
    expect((await account(browser)).status).toBe(401);
  });

  test("is listed, and can be ended from another browser by its owner only", async () => {
    const person = someone();
    const [here, there] = [fresh(), fresh()];
    await signIn(here, person);
    await signIn(there, person);
    const { sessions } = await (await here.ask(`${SITE}/api/account/sessions`)).json();
    expect(sessions).toHaveLength(2);
    const other = sessions.find((one: { current: boolean }) => !one.current).id;
    const foreign = await change(
      (await signedIn()).browser,
      "DELETE",
      `/api/account/sessions/${other}`,
    );
    expect(foreign.status).toBe(404);
    expect((await change(here, "DELETE", `/api/account/sessions/${other}`)).status).toBe(204);
    expect((await account(there)).status).toBe(401);
    expect((await account(here)).status).toBe(200);
    const nothing = await change(here, "DELETE", "/api/account/sessions/nonsense");
    expect([nothing.status, (await nothing.json()).code]).toEqual([404, "session.not_found"]);
  });

  test("ends with all others when an admin signs the user out everywhere", async () => {
    const admin = await signedIn({ groups: ["admins"] });
    const person = someone();
    const browsers = [fresh(), fresh()];
    for (const browser of browsers) await signIn(browser, person);
    const id = core.user.ownerIdOf(ISSUER, person.sub);
    const ended = await change(admin.browser, "DELETE", `/api/admin/users/${id}/sessions`);
    expect(ended.status).toBe(204);
    for (const browser of browsers) expect((await account(browser)).status).toBe(401);
  });
});

describe("signing out", () => {
  test("ends the local session, and returns the provider's sign-out URL", async () => {
    const { browser } = await signedIn();
    const value = session(browser)?.value;
    const response = await change(browser, "POST", "/api/auth/sign-out");
    expect(response.status).toBe(200);
    const { location } = await response.json();
    const url = new URL(location);
    expect(url.href.startsWith(`${ISSUER}/session/end?`)).toBe(true);
    expect(url.searchParams.get("post_logout_redirect_uri")).toBe(`${SITE}/sign-in`);
    expect(url.searchParams.get("id_token_hint")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(browser.jar(SITE)).toEqual([]);
    browser.sets(SITE, `rushes=${value}; Path=/`);
    expect((await account(browser)).status).toBe(401);
  });

  test("works without a session, and if the provider has never been reachable", async () => {
    const response = await change(fresh(), "POST", "/api/auth/sign-out");
    expect((await response.json()).location).toMatch(/\/session\/end\?/);
    provider.state.isDown = true;
    const cold = await (await coldApp()).request(`${SITE}/api/auth/sign-out`, { method: "POST" });
    expect(await cold.json()).toEqual({ location: "/sign-in" });
  });
});

describe("with the cookie of a session", () => {
  const headers: [string, Record<string, string>, number][] = [
    ["our own origin", { origin: SITE }, 404],
    ["the browser's word that it is our page", { "sec-fetch-site": "same-origin" }, 404],
    ["another origin", { origin: "https://evil.example" }, 403],
    ["another page's word", { "sec-fetch-site": "cross-site" }, 403],
    ["the origin of nobody", { origin: "null" }, 403],
    ["neither", {}, 403],
  ];
  test.each(headers)("a change with %s gets the expected status", async (_, given, status) => {
    const { browser } = await signedIn();
    const job = `${SITE}/api/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV`;
    const response = await browser.ask(job, { method: "DELETE", headers: given });
    expect(response.status).toBe(status);
    if (status === 403) expect((await response.json()).code).toBe("request.foreign");
  });

  test("a token takes precedence over the cookie, and an invalid one is rejected", async () => {
    const { browser } = await signedIn();
    const authorization = "Bearer rushes_nonsense";
    const response = await browser.ask(`${SITE}/api/account`, { headers: { authorization } });
    expect(response.status).toBe(401);
  });
});

test("records sign-ins, rejections and sign-outs in the audit log", async () => {
  const admin = await signedIn({ groups: ["admins"] });
  const { browser, user } = await signedIn();
  await change(browser, "POST", "/api/auth/sign-out");
  await signIn(fresh(), someone({ email_verified: false }));
  const day = new Date().toISOString().slice(0, 10);
  const response = await admin.browser.ask(`${SITE}/api/admin/audit?day=${day}`);
  const { events } = await response.json();
  const own = (action: string) => expect.objectContaining({ action, ownerId: user.id });
  expect(events).toContainEqual(own("signin"));
  expect(events).toContainEqual(own("signout"));
  expect(events).toContainEqual(
    expect.objectContaining({ action: "signin.refused", detail: { code: "signin.email" } }),
  );
});

test("logs what failed at the provider, without a code, token, cookie or secret", () => {
  const log = logged.join("");
  expect(log).toContain("The sign-in provider: ResponseBodyError");
  expect(log).toContain("invalid_grant");
  expect(log).not.toMatch(/eyJ|code=|state=|the client's secret|@example/);
});

/** The app in a process that has just started. */
async function coldApp() {
  vi.resetModules();
  return (await import("./app.ts")).app;
}

/** Advances the age of a browser's session by this many minutes. */
async function age(browser: Browser, minutes: number): Promise<void> {
  const { session: current } = await resumed(browser);
  const key = table.key.session(current.id);
  const row = await table.get(key);
  const time = Object.fromEntries(
    Object.entries(row?.time ?? {}).map(([name, iso]) => [
      name,
      new Date(Date.parse(String(iso)) - minutes * 60_000).toISOString(),
    ]),
  );
  await table.apply(table.update({ key, set: { time } }));
}

async function resumed(browser: Browser) {
  const Session = await import("@rushes/core/session/index");
  const found = await Session.resume(session(browser)?.value ?? "");
  if (!found) throw new Error("Nobody is signed in there.");
  return found;
}
