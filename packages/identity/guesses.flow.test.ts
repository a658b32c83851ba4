import { type Answer, EMAIL, type Home, PASSWORD, startHome } from "@rushes/testing/identity";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";

let home: Home;
beforeAll(async () => {
  home = await startHome();
  await home.addAnn();
});
afterAll(() => home.close());
beforeEach(() => {
  // On a busy machine a guess can take longer than the first wait, which would then be over.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
});

const isAtSite = ({ url }: Answer) => url.startsWith(`${home.origin}/api/auth/callback?code=`);
const visit = (address: string) => home.visit(address);

test("guessing is slowed, tells for how long, and the right password opens again after that", async () => {
  const { type } = await visit("192.0.2.2");
  for (let guess = 0; guess < 5; guess += 1) await type(EMAIL, "a wrong password");

  const wrong = await type(EMAIL, "a wrong password");
  const right = await type(EMAIL, PASSWORD);
  const wait = Number(right.headers.get("retry-after"));
  home.clock.ahead += wait * 1000;
  const after = await type(EMAIL, PASSWORD);

  expect([wrong.status, right.status]).toEqual([429, 429]);
  expect(wait).toBeGreaterThan(0);
  expect(right.body).toContain("Too many wrong passwords. Wait");
  expect(isAtSite(after)).toBe(true);
});

test("whoever guesses at an account does not keep its own person waiting", async () => {
  const passwordHash = (await home.accounts.byEmail(EMAIL))?.passwordHash ?? "";
  const email = "flora@example.com";
  await home.accounts.add({ email, admin: false, passwordHash });
  const flora = await visit("192.0.2.11");
  await flora.type(email, PASSWORD);
  const stranger = await visit("198.51.100.1");
  for (let guess = 0; guess < 5; guess += 1) await stranger.type(email, "a wrong password");
  const again = await flora.browser.ask((await home.authorization({ prompt: "login" })).url);

  const refused = await stranger.type(email, PASSWORD);
  const fields = { email, password: PASSWORD };
  const own = await flora.browser.submit(again, fields, { "x-forwarded-for": "192.0.2.11" });

  expect(refused.status).toBe(429);
  expect(isAtSite(own)).toBe(true);
});
