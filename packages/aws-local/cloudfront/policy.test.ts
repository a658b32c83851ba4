import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern } from "./policy.ts";

test.each([
  ["http*://a.example/m/*", "https://a.example/m/b/c.mp4", true],
  ["https://a.example/m/?.mp4", "https://a.example/m/1.mp4", true],
  ["https://a.example/m/?.mp4", "https://a.example/m/12.mp4", false],
  ["https://a.example/m/*.jpg", "https://a.example/m/a.jpg.mp4", false],
  ["https://a.example/m", "https://a.example/m/", false],
  ["*", "", true],
  ["", "a", false],
])("%s and %s: %s", (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected);
});

test("matches a pattern against the texts that it was made from, and no others", () => {
  const segment = fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 5 });
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1 }), fc.array(segment), (kept, filled) => {
      const pattern = kept.join("*");
      const text = kept
        .map((part, at) => (at === 0 ? part : `${filled[at] ?? ""}${part}`))
        .join("");
      expect(matchesPattern(pattern, text)).toBe(true);
      expect(matchesPattern(`${pattern}x`, text)).toBe(false);
    }),
  );
});

test("compares a pattern with many stars quickly", () => {
  const began = performance.now();
  expect(matchesPattern(`${"*a".repeat(500)}b`, "a".repeat(8000))).toBe(false);
  expect(performance.now() - began).toBeLessThan(1000);
});
