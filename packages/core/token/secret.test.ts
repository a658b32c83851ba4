import fc from "fast-check";
import { expect, test } from "vitest";
import * as Secret from "./secret.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

test("a secret has the shape that scanners are told, and is whole", () => {
  for (let count = 0; count < 200; count += 1) {
    const secret = Secret.create();
    expect(secret).toMatch(/^rsh_[0-9A-Za-z]{32}[0-9A-Za-z]{6}$/);
    expect(Secret.isWhole(secret)).toBe(true);
  }
});

test("the checksum is the one that the documents promise", () => {
  // zlib's CRC32 of "rsh_" and 32 zeros is 0x9024B2FE, which is 2df2bO in base 62.
  expect(Secret.isWhole(`rsh_${"0".repeat(32)}2df2bO`)).toBe(true);
});

test("no two secrets are alike, and every character comes up about as often", () => {
  const secrets = Array.from({ length: 2000 }, () => Secret.create());
  expect(new Set(secrets).size).toBe(2000);
  const counts = new Map<string, number>();
  for (const character of secrets.map((one) => one.slice(4, 36)).join("")) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  // 64,000 characters, 1032 each. With a byte modulo 62, the first eight would have 1250. Ten sigma.
  for (const character of ALPHABET) {
    expect(Math.abs((counts.get(character) ?? 0) - 64_000 / 62)).toBeLessThan(200);
  }
});

test("every single wrong character is told", () => {
  const secret = Secret.create();
  for (let at = 0; at < secret.length; at += 1) {
    for (const other of `${ALPHABET}_- é`) {
      if (other === secret[at]) continue;
      expect(Secret.isWhole(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(false);
    }
  }
});

test("two neighbours that changed places are told, and anything too short or too long", () => {
  const secret = Secret.create();
  fc.assert(
    fc.property(fc.nat(secret.length - 2), (at) => {
      const [a = "", b = ""] = secret.slice(at, at + 2);
      const swapped = secret.slice(0, at) + b + a + secret.slice(at + 2);
      expect(Secret.isWhole(swapped)).toBe(a === b);
    }),
  );
  for (const wrong of ["", "rsh_", secret.slice(1), secret.slice(0, -1), `${secret}0`]) {
    expect(Secret.isWhole(wrong)).toBe(false);
  }
  expect(Secret.isWhole(`${secret}\n`)).toBe(false);
});

test("nothing else passes for a secret", () => {
  fc.assert(fc.property(fc.string(), (text) => !Secret.isWhole(text)));
  const body = fc.string({
    unit: fc.constantFrom(...ALPHABET),
    minLength: 38,
    maxLength: 38,
  });
  fc.assert(fc.property(body, (text) => !Secret.isWhole(`rsh_${text}`)));
});

test("what is kept and what is shown do not give the secret away", () => {
  const secret = Secret.create();
  expect(Secret.hashOf(secret)).toMatch(/^[0-9a-f]{64}$/);
  expect(Secret.startOf(secret)).toBe(secret.slice(0, 8));
});
