import { performance } from "node:perf_hooks";
import { EMAIL, PASSWORD, PASSWORD_HASH, startProvider } from "@rushes/testing/identity";
import { expect, test } from "vitest";
import { hashPassword } from "./password.ts";

const provider = await startProvider();
const { isAtSite, visit } = provider;

test("answers a wrong password and an unknown address alike, after the same work", async () => {
  const email = "gina@example.com";
  await provider.accounts.add({ email, admin: false, passwordHash: await hashPassword(PASSWORD) });
  const { page, type } = await visit("192.0.2.1");
  const timed = async (typed: string) => {
    const begun = performance.now();
    const answer = await type(typed, "not the password");
    return { ...answer, ms: performance.now() - begun };
  };

  const known = await timed(email);
  const unknown = await timed("nobody@example.com");

  expect(known.status).toBe(403);
  expect(unknown.status).toBe(403);
  expect(unknown.body.replaceAll("nobody@example.com", email)).toBe(known.body);
  expect(known.body).toContain("The email address or the password is incorrect");
  // Without the hashing it takes a few milliseconds. A busy machine must not make this fail.
  expect(unknown.ms).toBeGreaterThan(known.ms / 5);
  expect(known.body).not.toContain("not the password");
  expect((await type(email, PASSWORD)).url).toMatch(/[?&]code=/);
  expect(page.body).not.toContain("<script");
});

test("rejects a form from another site or of another sign-in", async () => {
  const { type, browser, page } = await visit("192.0.2.4");
  const other = await visit("192.0.2.5");

  const foreign = await type(EMAIL, PASSWORD, { origin: "https://evil.example.com" });
  const hidden = await type(EMAIL, PASSWORD, { origin: "null" });
  const elsewhere = await other.browser.submit(page, { email: EMAIL, password: PASSWORD });
  const mixed = await browser.submit(page, { email: EMAIL, password: PASSWORD, uid: "another" });

  expect([foreign.status, hidden.status, elsewhere.status, mixed.status]).toEqual([
    403, 403, 400, 403,
  ]);
  expect(elsewhere.body).toContain("This sign-in has expired");
});

test("sets a password once with a one-time link that was opened before", async () => {
  const email = "carl@example.com";
  const code = await provider.accounts.add({ email, admin: false });
  const browser = provider.browser();
  const address = `${provider.origin}/identity/welcome/${code}`;
  await browser.ask(address);
  const page = await browser.ask(address);

  const short = await browser.submit(page, { password: "too short" });
  const itself = await browser.submit(page, { password: "Carl@Example.com" });
  const common = await browser.submit(page, { password: "Password123456" });
  const set = await browser.submit(page, { password: PASSWORD });
  const twice = await browser.submit(page, { password: "somebody else's password" });
  const signedIn = await (await visit("192.0.2.6")).type(email, PASSWORD);

  expect([short.status, itself.status, common.status]).toEqual([422, 422, 422]);
  expect(set.body).toContain("Your password is set");
  expect(twice.status).toBe(404);
  expect(twice.body).toContain("This link has expired");
  expect(isAtSite(signedIn)).toBe(true);
  expect(provider.log.join()).not.toContain(code);
});

test("expires a one-time link after a day, or when another is created", async () => {
  const email = "dora@example.com";
  const first = await provider.accounts.add({ email, admin: false });
  const second = await provider.accounts.reset(email);
  const status = async (code?: string) =>
    (await provider.browser().ask(`${provider.origin}/identity/welcome/${code}`)).status;

  const before = [await status(first), await status(second)];
  provider.clock.ahead += 24 * 3_600_000 + 1000;

  expect(before).toEqual([404, 200]);
  expect(await status(second)).toBe(404);
});

test("ends the session of a user who is removed or gets a new password", async () => {
  const evesAccount = { email: "eve@example.com", admin: false, passwordHash: PASSWORD_HASH };
  await provider.accounts.add(evesAccount);
  const eve = await visit("192.0.2.7");
  const ann = await visit("192.0.2.8");
  const signedIn = [await eve.type("eve@example.com", PASSWORD), await ann.type(EMAIL, PASSWORD)];

  await provider.accounts.remove("eve@example.com");
  provider.clock.ahead += 2000;
  await provider.accounts.setPassword(EMAIL, PASSWORD_HASH);
  const again = await Promise.all(
    [eve, ann].map(async ({ browser }) => browser.ask((await provider.authorization()).url)),
  );

  expect(signedIn.map(isAtSite)).toEqual([true, true]);
  expect(again.map(({ body }) => body.includes("Password</label>"))).toEqual([true, true]);
  expect((await (await visit("192.0.2.9")).type("eve@example.com", PASSWORD)).status).toBe(403);
});

test("sends strict security headers with every page", async () => {
  const { page } = await visit("192.0.2.10");
  const missing = await provider.browser().ask(`${provider.origin}/identity/nothing/here`);

  for (const { headers } of [page, missing]) {
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  }
  expect(missing.status).toBe(404);
});
