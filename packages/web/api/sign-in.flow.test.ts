// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import {
  account,
  isPage,
  path,
  rejectedWith,
  SECRETS,
  SITE,
  session,
  site,
  siteOfTests,
  someone,
} from "./testing/sign-in.ts";

siteOfTests();

describe("signing in", () => {
  test("returns to the requested page, as the owner of issuer and subject", async () => {
    const browser = site.fresh();
    expect((await account(browser)).body.code).toBe("actor.required");
    const person = someone();
    expect(path(await site.signIn(browser, person))).toBe("/jobs?q=a");
    expect(await account(browser)).toMatchObject({
      status: 200,
      body: {
        signIn: true,
        user: {
          id: site.ownerId(person),
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
        const response = await site.fresh().ask(`${SITE}/api/auth/sign-in`);
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
    expect((await site.signedIn({ groups: ["admins"] })).user.role).toBe("admin");
  });

  test.each([
    ["one text, of a user with one group", "admins", "admin"],
    ["objects with names", [{ id: "1", name: "admins" }], "admin"],
    ["a text that only begins with the name", "admins of nothing", "member"],
  ])("reads the groups from %s", async (_, groups, role) => {
    site.provider.state.tamper = (claims) => ({
      ...{ ...claims, email: "groups@example.com", email_verified: true, groups },
    });
    expect((await site.signedIn()).user.role).toBe(role);
  });

  test("rejects groups in an unknown format, and logs the format without the values", async () => {
    site.provider.state.tamper = (claims) => ({
      ...{ ...claims, email: "groups@example.com", email_verified: true, groups: [["secret"]] },
    });
    const page = await site.signIn(site.fresh(), someone());
    expect(path(page)).toBe(rejectedWith("signin.groups"));
    const line = site.logged.find((text) => text.includes("RUSHES_OIDC_GROUPS_CLAIM"));
    expect(line).toContain("a list with a list in it");
    expect(site.logged.join("")).not.toContain("secret");
  });

  test("lets a rejected user sign in with another account", async () => {
    const browser = site.fresh();
    const person = someone({ email_verified: false });
    expect(path(await site.signIn(browser, person))).toBe(rejectedWith("signin.email"));
    // The provider has a session for this user and does not prompt.
    const verified = { ...person, email_verified: true };
    expect(path(await site.signIn(browser, verified))).toBe(rejectedWith("signin.email"));
    const again = `${SITE}/api/auth/sign-in?returnTo=/jobs&prompt=login`;
    expect(path(await browser.go(again, isPage))).toBe("/jobs");
  });

  test("works in two windows at the same time", async () => {
    const browser = site.fresh();
    const [first, second] = [someone(), someone()];
    const one = await site.answerFor(browser, first);
    const two = await site.answerFor(site.fresh(), second);
    const other = await site.answerFor(browser, first);
    expect(path(await browser.go(one.href, isPage))).toBe("/jobs?q=a");
    expect(path(await browser.go(other.href, isPage))).toBe("/jobs?q=a");
    expect(path(await browser.go(two.href, isPage))).toBe("/sign-in?problem=signin.state");
  });

  test("does not accumulate cookies, however often it starts", async () => {
    const browser = site.fresh();
    for (let times = 0; times < 20; times += 1) await browser.ask(`${SITE}/api/auth/sign-in`);
    expect(browser.jar(SITE).length).toBeLessThanOrEqual(6);
  });

  test("started under another host name continues under the one in the settings", async () => {
    site.provider.state.person = someone();
    const start = "http://localhost:3000/api/auth/sign-in?returnTo=/jobs";
    expect(path(await site.fresh().go(start, isPage))).toBe("/jobs");
  });

  test.each(["//evil.example", "https://evil.example/", "/\\evil.example", "/api/jobs"])(
    "never redirects to %s",
    async (to) => {
      expect(path(await site.signIn(site.fresh(), someone(), to))).toBe("/");
    },
  );

  test("always starts a new session, and ends the browser's previous one", async () => {
    const browser = site.fresh();
    const person = someone();
    // Cookies that an attacker planted: a random value, and the whole session of another user.
    const planted = session((await site.signedIn()).browser)?.value ?? "";
    browser.sets(SITE, `rushes=${planted}; Path=/`);
    await site.signIn(browser, person);
    expect(session(browser)?.value).not.toBe(planted);
    expect((await account(browser)).body.user.email).toBe(person.email);
    const thief = site.fresh();
    thief.sets(SITE, `rushes=${planted}; Path=/`);
    expect((await account(thief)).status).toBe(401);
  });

  test("creates two owners for two accounts with the same address", async () => {
    const email = "shared@example.com";
    const [first, second] = [await site.signedIn({ email }), await site.signedIn({ email })];
    expect(first.user.email).toBe(second.user.email);
    expect(first.user.id).not.toBe(second.user.id);
  });
});

test("logs no code, token, cookie or secret", () => {
  expect(site.logged.join("")).not.toMatch(SECRETS);
});
