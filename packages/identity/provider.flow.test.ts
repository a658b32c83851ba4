import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Browser,
  EMAIL,
  PASSWORD,
  PASSWORD_HASH,
  startProvider,
} from "@rushes/testing/identity";
import { expect, test } from "vitest";

const provider = await startProvider({ admin: true, name: "Ann" });
const { isAtSite } = provider;

async function signIn(browser: Browser, changes: Record<string, string> = {}) {
  const { url, checks } = await provider.authorization(changes);
  const page = await browser.ask(url);
  const answer = await browser.submit(page, { email: EMAIL, password: PASSWORD });
  return { page, answer, checks };
}

test("signs in with a password and puts all claims into the ID token", async () => {
  const browser = provider.browser();

  const { answer, checks } = await signIn(browser);
  const tokens = await provider.tokens(answer, checks);

  expect(tokens.claims()).toMatchObject({
    iss: `${provider.origin}/identity`,
    email: EMAIL,
    email_verified: true,
    name: "Ann",
    groups: ["admin"],
  });
  expect(tokens.refresh_token).toBeUndefined();
});

test("keeps the session and the keys over a restart", async () => {
  const browser = provider.browser();
  await signIn(browser);
  const keys = await readFile(join(provider.dataDir, "keys.json"), "utf8");

  await provider.restart();
  const { url, checks } = await provider.authorization();
  const answer = await browser.ask(url);

  expect(isAtSite(answer)).toBe(true);
  expect((await provider.tokens(answer, checks)).claims()?.email).toBe(EMAIL);
  expect(await readFile(join(provider.dataDir, "keys.json"), "utf8")).toBe(keys);
  expect((await stat(join(provider.dataDir, "keys.json"))).mode & 0o777).toBe(0o600);
});

test("signs out without confirmation when Rushes sends the ID token", async () => {
  const browser = provider.browser();
  const { answer, checks } = await signIn(browser);
  const { id_token = "" } = await provider.tokens(answer, checks);
  const url = provider.endSessionUrl({
    post_logout_redirect_uri: provider.signedOutUri,
    id_token_hint: id_token,
    state: "back",
  });

  const ended = await browser.ask(url.href);
  const twice = await browser.ask(url.href);
  const next = await browser.ask((await provider.authorization()).url);

  expect(ended.url).toBe(`${provider.signedOutUri}?state=back`);
  expect(twice.url).toBe(`${provider.signedOutUri}?state=back`);
  expect(next.body).toContain("Password</label>");
});

test("asks for confirmation of a sign-out from elsewhere", async () => {
  const browser = provider.browser();
  await signIn(browser);

  const page = await browser.ask(`${provider.origin}/identity/session/end`);
  const still = await browser.ask((await provider.authorization()).url);
  const ended = await browser.submit(page, {});
  const next = await browser.ask((await provider.authorization()).url);

  expect(page.body).toContain("Sign out of Rushes?");
  expect(isAtSite(still)).toBe(true);
  expect(ended.body).toContain("You are signed out");
  expect(next.body).toContain("Password</label>");
});

test("signs in another user in a browser with a session", async () => {
  const browser = provider.browser();
  await signIn(browser);
  const bob = { email: "bob@example.com", admin: false, passwordHash: PASSWORD_HASH };
  await provider.accounts.add(bob);

  const { url, checks } = await provider.authorization({ prompt: "login" });
  const answer = await browser.submit(await browser.ask(url), {
    email: "Bob@Example.com",
    password: PASSWORD,
  });
  const claims = (await provider.tokens(answer, checks)).claims();

  expect(claims).toMatchObject({ email: "bob@example.com", groups: [] });
});

test.each([
  ["without PKCE", { code_challenge: undefined, code_challenge_method: undefined }],
  ["with PKCE in the clear", { code_challenge_method: "plain" }],
  ["for another flow", { response_type: "id_token" }],
  ["for another response type", { response_type: "code id_token" }],
])("rejects a sign-in %s", async (_, changes) => {
  const answer = await provider.browser().ask((await provider.authorization(changes)).url);

  expect(answer.body).not.toContain("Password</label>");
  expect(answer.url).not.toContain("code=");
  expect(new URL(answer.url).search + new URL(answer.url).hash + answer.status).toMatch(
    /error=(invalid_request|unsupported_response_type|unauthorized_client)/,
  );
});

test.each([
  ["another site", "https://evil.example.com/api/auth/callback"],
  ["another path", "http://127.0.0.1:1/elsewhere"],
])("does not redirect to %s", async (_, redirect_uri) => {
  const answer = await provider.browser().ask((await provider.authorization({ redirect_uri })).url);

  expect(answer.status).toBe(400);
  expect(answer.url.startsWith(`${provider.origin}/identity/`)).toBe(true);
  expect(answer.body).toContain("This sign-in cannot continue");
});

test("skips consent when the URL asks for it", async () => {
  const browser = provider.browser();
  await signIn(browser);

  const answer = await browser.ask((await provider.authorization({ prompt: "consent" })).url);

  expect(isAtSite(answer)).toBe(true);
});

test("makes a network with too many sign-ins wait, but not others", async () => {
  const { url } = await provider.authorization({ redirect_uri: "https://evil.example.com" });
  const ask = async (address: string) =>
    fetch(url, { headers: { "x-forwarded-for": address }, redirect: "manual" });
  for (let visit = 0; visit < 600; visit += 1) await (await ask("203.0.113.1")).arrayBuffer();

  const limited = await ask("203.0.113.1");

  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask("203.0.113.2")).status).toBe(400);
});

test("accepts a code once, even in simultaneous requests", async () => {
  const { answer, checks } = await signIn(provider.browser());

  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => provider.tokens(answer, checks)),
  );

  expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
});

test("offers only what Rushes uses", async () => {
  const metadata = provider.config.serverMetadata();

  expect(metadata).toMatchObject({
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
  });
  for (const absent of [
    "registration_endpoint",
    "device_authorization_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "pushed_authorization_request_endpoint",
  ]) {
    expect(metadata[absent]).toBeUndefined();
  }
});
