// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import type { Browser } from "./testing/browser.ts";
import { ISSUER } from "./testing/provider.ts";
import {
  account,
  change,
  coldApp,
  SECRETS,
  SITE,
  session,
  site,
  siteOfTests,
  someone,
} from "./testing/sign-in.ts";

siteOfTests();

describe("a session", () => {
  test("whose cookie has one changed character is invalid", async () => {
    const { browser } = await site.signedIn();
    const value = session(browser)?.value ?? "";
    const at = value.lastIndexOf(".") - 10;
    const changed = value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
    browser.sets(SITE, `rushes=${changed}; Path=/`);
    expect(await account(browser)).toMatchObject({ status: 401, body: { code: "actor.required" } });
  });

  test("that has ended removes no cookie of a newer session", async () => {
    const browser = site.fresh();
    const person = someone();
    await site.signIn(browser, person);
    const cookie = `rushes=${session(browser)?.value}`;
    await site.signIn(browser, person);
    const late = await site.app.request(`${SITE}/api/account`, { headers: { cookie } });
    expect([late.status, late.headers.get("set-cookie")]).toEqual([401, null]);
    expect((await account(browser)).status).toBe(200);
  });

  test.each([5_000, 16 * 1024, 10 * 1024 ** 2])(
    "of %d characters is invalid, and no internal error",
    async (size) => {
      const headers = { cookie: `rushes=${"a".repeat(size)}` };
      const response = await site.app.request(`${SITE}/api/account`, { headers });
      expect(response.status).toBe(401);
    },
  );

  test("gets a new cookie after 15 minutes with any response", async () => {
    const { browser } = await site.signedIn();
    for (const at of ["/api/account", "/api/nothing", "/api/jobs?limit=0"]) {
      const before = session(browser)?.value;
      await age(browser, 16);
      await browser.ask(`${SITE}${at}`);
      expect(session(browser)?.value, at).not.toBe(before);
      expect((await account(browser)).status).toBe(200);
    }
  });

  test("whose copied cookie returns after its rotation ends for owner and thief", async () => {
    const { browser } = await site.signedIn();
    const thief = site.fresh();
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
    const [here, there] = [site.fresh(), site.fresh()];
    await site.signIn(here, person);
    await site.signIn(there, person);
    const { sessions } = await (await here.ask(`${SITE}/api/account/sessions`)).json();
    expect(sessions).toHaveLength(2);
    const other = sessions.find((one: { current: boolean }) => !one.current).id;
    const foreign = await change(
      (await site.signedIn()).browser,
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
    const admin = await site.signedIn({ groups: ["admins"] });
    const person = someone();
    const browsers = [site.fresh(), site.fresh()];
    for (const browser of browsers) await site.signIn(browser, person);
    const id = site.ownerId(person);
    const ended = await change(admin.browser, "DELETE", `/api/admin/users/${id}/sessions`);
    expect(ended.status).toBe(204);
    for (const browser of browsers) expect((await account(browser)).status).toBe(401);
  });
});

describe("signing out", () => {
  test("ends the local session, and returns the provider's sign-out URL", async () => {
    const { browser } = await site.signedIn();
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
    const response = await change(site.fresh(), "POST", "/api/auth/sign-out");
    expect((await response.json()).location).toMatch(/\/session\/end\?/);
    site.provider.state.isDown = true;
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
    const { browser } = await site.signedIn();
    const job = `${SITE}/api/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV`;
    const response = await browser.ask(job, { method: "DELETE", headers: given });
    expect(response.status).toBe(status);
    if (status === 403) expect((await response.json()).code).toBe("request.foreign");
  });

  test("a token takes precedence over the cookie, and an invalid one is rejected", async () => {
    const { browser } = await site.signedIn();
    const authorization = "Bearer rushes_nonsense";
    const response = await browser.ask(`${SITE}/api/account`, { headers: { authorization } });
    expect(response.status).toBe(401);
  });
});

test("records sign-ins, rejections and sign-outs in the audit log", async () => {
  const admin = await site.signedIn({ groups: ["admins"] });
  const { browser, user } = await site.signedIn();
  await change(browser, "POST", "/api/auth/sign-out");
  await site.signIn(site.fresh(), someone({ email_verified: false }));
  const day = new Date().toISOString().slice(0, 10);
  const response = await admin.browser.ask(`${SITE}/api/admin/audit?day=${day}`);
  const { events } = await response.json();
  const byUser = (action: string) => expect.objectContaining({ action, ownerId: user.id });
  expect(events).toContainEqual(byUser("signin"));
  expect(events).toContainEqual(byUser("signout"));
  expect(events).toContainEqual(
    expect.objectContaining({ action: "signin.refused", detail: { code: "signin.email" } }),
  );
});

test("logs no code, token, cookie or secret", () => {
  expect(site.logged.join("")).not.toMatch(SECRETS);
});

/** Advances the age of a browser's session by this many minutes. */
async function age(browser: Browser, minutes: number): Promise<void> {
  const { session: current } = await resumed(browser);
  const table = await import("@rushes/core/table/index");
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
