import fc from "fast-check";
import { expect, test } from "vitest";
import * as Secret from "./secret.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

test("creates a secret in the documented format, with a valid checksum", () => {
  for (let count = 0; count < 200; count += 1) {
    const secret = Secret.create();
    expect(secret).toMatch(/^rsh_[0-9A-Za-z]{32}[0-9A-Za-z]{6}$/);
    expect(Secret.isWhole(secret)).toBe(true);
  }
});

test("computes the checksum as documented", () => {
  // zlib's CRC32 of "rsh_" and 32 zeros is 0x9024B2FE, which is 2df2bO in base 62.
  expect(Secret.isWhole(`rsh_${"0".repeat(32)}2df2bO`)).toBe(true);
});

test("creates unique secrets in which all characters are about equally frequent", () => {
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

test("detects each wrong character", () => {
  const secret = Secret.create();
  for (let at = 0; at < secret.length; at += 1) {
    for (const other of `${ALPHABET}_- é`) {
      if (other === secret[at]) continue;
      expect(Secret.isWhole(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(false);
    }
  }
});

test("detects two swapped characters, and a secret that is too short or too long", () => {
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

test("rejects any other text", () => {
  fc.assert(fc.property(fc.string(), (text) => !Secret.isWhole(text)));
  const body = fc.string({
    unit: fc.constantFrom(...ALPHABET),
    minLength: 38,
    maxLength: 38,
  });
  fc.assert(fc.property(body, (text) => !Secret.isWhole(`rsh_${text}`)));
});

test("stores a hash and shows only the first eight characters", () => {
  const secret = Secret.create();
  expect(Secret.hashOf(secret)).toMatch(/^[0-9a-f]{64}$/);
  expect(Secret.startOf(secret)).toBe(secret.slice(0, 8));
});
