// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import type { Browser } from "./testing/browser.ts";
import { ISSUER } from "./testing/provider.ts";
import {
  account,
  coldApp,
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

describe("a sign-in is rejected, with the reason on the sign-in page:", () => {
  const outcome = async (browser: Browser, callback: URL) => {
    const page = path(await browser.go(callback.href, isPage));
    expect(session(browser)).toBeUndefined();
    return page;
  };
  const tampered = async (tamper: NonNullable<typeof site.provider.state.tamper>) => {
    const browser = site.fresh();
    site.provider.state.tamper = tamper;
    return outcome(browser, await site.answerFor(browser, someone()));
  };

  test("with another state", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    callback.searchParams.set("state", "of-somebody-else");
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("with a state that starts with the right characters", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    const state = callback.searchParams.get("state") ?? "";
    callback.searchParams.set("state", `${state.slice(0, -1)}~`);
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("without a state", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    callback.searchParams.delete("state");
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("in a browser that did not start it", async () => {
    const callback = await site.answerFor(site.fresh(), someone());
    expect(await outcome(site.fresh(), callback)).toBe("/sign-in?problem=signin.state");
  });

  test("with a changed sign-in cookie", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    const [begun] = browser.jar(SITE);
    browser.sets(SITE, `${begun?.name}=${begun?.value.replace(/.$/, "~")}; Path=/api/auth`);
    expect(await outcome(browser, callback)).toBe("/sign-in?problem=signin.state");
  });

  test("with a used code", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    const [begun] = browser.jar(SITE);
    expect(path(await browser.go(callback.href, isPage))).toBe("/jobs?q=a");
    const replaying = site.fresh();
    replaying.sets(SITE, `${begun?.name}=${begun?.value}; Path=/api/auth`);
    expect(await outcome(replaying, callback)).toBe(rejectedWith("signin.state"));
  });

  test("with a made-up code", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    callback.searchParams.set("code", "made-up");
    expect(await outcome(browser, callback)).toBe(rejectedWith("signin.state"));
  });

  test("with the nonce of another sign-in", async () => {
    const page = await tampered((claims) => ({ ...claims, nonce: "of-somebody-else" }));
    expect(page).toBe(rejectedWith("signin.invalid"));
  });

  test("without a nonce", async () => {
    const page = await tampered(({ nonce: _, ...claims }) => claims);
    expect(page).toBe(rejectedWith("signin.invalid"));
  });

  test.each([
    ["audience", { aud: "another-app" }],
    ["issuer", { iss: "https://evil.example" }],
  ])("with a token of another %s", async (_, claims) => {
    const page = await tampered((before) => ({ ...before, ...claims }));
    expect(page).toBe(rejectedWith("signin.invalid"));
  });

  test("with a token that the provider did not sign", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    const { generateKeyPairSync } = await import("node:crypto");
    const { key } = site.provider.state;
    site.provider.state.key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    site.provider.state.tamper = (claims) => claims;
    expect(await outcome(browser, callback)).toBe(rejectedWith("signin.invalid"));
    site.provider.state.key = key;
  });

  test.each([
    ["ten minutes fast", 600],
    ["eleven minutes slow", -660],
  ])("by a provider whose clock is %s", async (_, seconds) => {
    const page = await tampered((claims) => ({
      ...claims,
      iat: Number(claims.iat) + seconds,
      exp: Number(claims.iat) + 3600,
    }));
    expect(page).toBe(rejectedWith("signin.clock"));
  });

  test("except with a clock that is off by 20 seconds, which is accepted", async () => {
    site.provider.state.tamper = (claims) => ({ ...claims, iat: Number(claims.iat) + 20 });
    expect(path(await site.signIn(site.fresh(), someone()))).toBe("/jobs?q=a");
  });

  test("except with a token that says that it is five minutes old, as each token of Entra ID does", async () => {
    site.provider.state.tamper = (claims) => {
      const issued = Number(claims.iat) - 300;
      return { ...claims, iat: issued, nbf: issued, exp: issued + 3900 };
    };
    expect(path(await site.signIn(site.fresh(), someone()))).toBe("/jobs?q=a");
  });

  test("while the provider is down at the callback; the next one works", async () => {
    const browser = site.fresh();
    const callback = await site.answerFor(browser, someone());
    site.provider.state.isDown = true;
    expect(await outcome(browser, callback)).toBe(rejectedWith("signin.unavailable"));
    site.provider.state.isDown = false;
    expect(path(await site.signIn(browser, someone()))).toBe("/jobs?q=a");
  });

  test("while the provider has never been reachable; the next one starts", async () => {
    const cold = await coldApp();
    site.provider.state.isDown = true;
    const begin = async () =>
      (await cold.request(`${SITE}/api/auth/sign-in?returnTo=/jobs?q=a`)).headers;
    expect((await begin()).get("location")).toBe(`${SITE}${rejectedWith("signin.unavailable")}`);
    site.provider.state.isDown = false;
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
    expect(path(await site.signIn(site.fresh(of), someone()))).toBe(rejectedWith("rate.limited"));
    expect(path(await site.signIn(site.fresh(), someone()))).toBe("/jobs?q=a");
  });

  test("by a user who denies consent", async () => {
    const browser = site.fresh();
    expect(path(await site.signIn(browser, undefined))).toBe(rejectedWith("signin.denied"));
    expect(session(browser)).toBeUndefined();
  });

  test.each([
    ["an unverified mail address", { email_verified: false }],
    ["no mail address", { email: undefined, email_verified: undefined }],
    ["an address that the provider says nothing of", { email_verified: undefined }],
  ])("with %s", async (_, fields) => {
    const browser = site.fresh();
    expect(path(await site.signIn(browser, someone(fields)))).toBe(rejectedWith("signin.email"));
    expect(session(browser)).toBeUndefined();
  });

  test("of a disabled user, whose open session ends at once", async () => {
    const admin = await site.signedIn({ groups: ["admins"] });
    const person = someone();
    const browser = site.fresh();
    await site.signIn(browser, person);
    const id = site.ownerId(person);
    const off = await admin.browser.ask(`${SITE}/api/admin/users/${id}`, {
      method: "PATCH",
      headers: { origin: SITE, "content-type": "application/json" },
      body: JSON.stringify({ disabled: true }),
    });
    expect(off.status).toBe(200);
    expect((await account(browser)).status).toBe(401);
    expect(path(await site.signIn(browser, person))).toBe(rejectedWith("user.disabled"));
  });
});

test("logs what failed at the provider, without a code, token, cookie or secret", () => {
  const log = site.logged.join("");
  expect(log).toContain("The sign-in provider: ResponseBodyError");
  expect(log).toContain("invalid_grant");
  expect(log).not.toMatch(SECRETS);
});
