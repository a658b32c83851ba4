import { EMAIL, PASSWORD, PASSWORD_HASH, startProvider } from "@rushes/testing/identity";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";

const provider = await startProvider();
const { isAtSite, visit } = provider;
beforeEach(() => {
  // On a busy machine a guess can take longer than the first wait, which would then be over.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
});

test("makes a guesser wait, announces the wait, and accepts the right password after it", async () => {
  const { type } = await visit("192.0.2.2");
  for (let guess = 0; guess < 5; guess += 1) await type(EMAIL, "a wrong password");

  const wrong = await type(EMAIL, "a wrong password");
  const right = await type(EMAIL, PASSWORD);
  const wait = Number(right.headers.get("retry-after"));
  provider.clock.ahead += wait * 1000;
  const after = await type(EMAIL, PASSWORD);

  expect([wrong.status, right.status]).toEqual([429, 429]);
  expect(wait).toBeGreaterThan(0);
  expect(right.body).toContain("Too many wrong passwords. Wait");
  expect(isAtSite(after)).toBe(true);
});

test("does not make the account's owner wait for another person's guesses", async () => {
  const email = "flora@example.com";
  await provider.accounts.add({ email, admin: false, passwordHash: PASSWORD_HASH });
  const flora = await visit("192.0.2.11");
  await flora.type(email, PASSWORD);
  const stranger = await visit("198.51.100.1");
  for (let guess = 0; guess < 5; guess += 1) await stranger.type(email, "a wrong password");
  const again = await flora.browser.ask((await provider.authorization({ prompt: "login" })).url);

  const limited = await stranger.type(email, PASSWORD);
  const fields = { email, password: PASSWORD };
  const ownerResponse = await flora.browser.submit(again, fields, {
    "x-forwarded-for": "192.0.2.11",
  });

  expect(limited.status).toBe(429);
  expect(isAtSite(ownerResponse)).toBe(true);
});
