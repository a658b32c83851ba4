import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as oidc from "openid-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type Browser, EMAIL, type Home, PASSWORD, startHome } from "./harness.ts";

let home: Home;
beforeAll(async () => {
  home = await startHome();
  await home.addAnn({ admin: true, name: "Ann" });
});
afterAll(() => home.close());

async function signIn(browser: Browser, changes: Record<string, string> = {}) {
  const { url, checks } = await home.authorization(changes);
  const page = await browser.ask(url);
  const answer = await browser.submit(page, { email: EMAIL, password: PASSWORD });
  return { page, answer, checks };
}

const isAtSite = ({ url }: Answer) => url.startsWith(`${home.origin}/api/auth/callback?code=`);

test("a password signs in, and the ID token alone says who it is", async () => {
  const browser = home.browser();

  const { answer, checks } = await signIn(browser);
  const tokens = await home.tokens(answer, checks);

  expect(tokens.claims()).toMatchObject({
    iss: `${home.origin}/identity`,
    email: EMAIL,
    email_verified: true,
    name: "Ann",
    groups: ["admin"],
  });
  expect(tokens.refresh_token).toBeUndefined();
});

test("whoever is signed in is not asked again, also after a restart, and the keys stay", async () => {
  const browser = home.browser();
  await signIn(browser);
  const keys = await readFile(join(home.dataDir, "keys.json"), "utf8");

  await home.restart();
  const { url, checks } = await home.authorization();
  const answer = await browser.ask(url);

  expect(isAtSite(answer)).toBe(true);
  expect((await home.tokens(answer, checks)).claims()?.email).toBe(EMAIL);
  expect(await readFile(join(home.dataDir, "keys.json"), "utf8")).toBe(keys);
  expect((await stat(join(home.dataDir, "keys.json"))).mode & 0o777).toBe(0o600);
});

test("Rushes ends the session with the person's own token, without a question", async () => {
  const browser = home.browser();
  const { answer, checks } = await signIn(browser);
  const { id_token = "" } = await home.tokens(answer, checks);
  const url = oidc.buildEndSessionUrl(home.config, {
    post_logout_redirect_uri: home.signedOutUri,
    id_token_hint: id_token,
    state: "back",
  });

  const ended = await browser.ask(url.href);
  const twice = await browser.ask(url.href);
  const next = await browser.ask((await home.authorization()).url);

  expect(ended.url).toBe(`${home.signedOutUri}?state=back`);
  expect(twice.url).toBe(`${home.signedOutUri}?state=back`);
  expect(next.body).toContain("Password</label>");
});
