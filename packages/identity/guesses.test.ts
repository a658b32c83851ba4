import fc from "fast-check";
import { expect, test } from "vitest";
import { createGuesses, LIMITS } from "./guesses.ts";

const ann = { kind: "account", of: "ann@example.com" } as const;
const office = { kind: "client", of: "192.0.2.1" } as const;

function begin() {
  const clock = { now: 1_000_000 };
  return { clock, guesses: createGuesses(() => clock.now) };
}

test("allows some wrong passwords, then doubles the wait up to the maximum", () => {
  const { clock, guesses } = begin();
  for (let guess = 0; guess < LIMITS.account.free; guess += 1) expect(guesses.take(ann)).toBe(0);

  const waits: number[] = [];
  for (let guess = 0; guess < 10; guess += 1) {
    const wait = guesses.take(ann);
    waits.push(wait);
    clock.now += wait * 1000;
    guesses.take(ann);
  }

  expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test("limits guesses that arrive at the same time", () => {
  const { guesses } = begin();
  const taken = Array.from({ length: 100 }, () => guesses.take(ann));
  expect(taken.filter((wait) => wait === 0)).toHaveLength(LIMITS.account.free);
});

test("does not count a guess that was not checked", () => {
  const { guesses } = begin();
  for (let guess = 1; guess < LIMITS.account.free; guess += 1) guesses.take(ann);
  for (let guess = 0; guess < 10; guess += 1) {
    expect(guesses.take(ann)).toBe(0);
    guesses.giveBack(ann);
  }
  guesses.take(ann);
  expect(guesses.take(ann)).toBe(2);
});

test("resets an account after a right password, and only that guess of a network", () => {
  const { guesses } = begin();
  for (let guess = 0; guess < LIMITS.client.free - 1; guess += 1) {
    guesses.take({ kind: "account", of: `other${guess}@example.com` }, office);
  }
  guesses.take(ann, office);
  guesses.forgive(ann, office);

  expect(guesses.take({ kind: "account", of: "last@example.com" }, office)).toBe(0);
  expect(guesses.take(ann, office)).toBeGreaterThan(0);
});

test("accepts a guess after the announced wait, which never exceeds the maximum", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 60 }), (pauses) => {
      const { clock, guesses } = begin();
      for (const pause of pauses) {
        clock.now += pause;
        guesses.take(ann, office);
      }
      const wait = guesses.take(ann, office);
      clock.now += wait * 1000;
      expect(wait).toBeLessThanOrEqual(LIMITS.client.maxMs / 1000);
      expect(wait === 0 || guesses.take(ann, office) === 0).toBe(true);
    }),
  );
});
