import fc from "fast-check";
import { expect, test } from "vitest";
import { weakness } from "./password.ts";

const EMAIL = "margaret.oconnor@example.com";

test.each([
  "a quiet cutting room",
  "Zwölf Zeichen ß",
  "9fK2-xQ71-bb0Z",
  "紙とフィルムと小さなランプの夜",
])("accepts %s", (password) => {
  expect(weakness(password, EMAIL)).toBeUndefined();
});

test.each([
  ["eleven char", "at least 12"],
  ["x".repeat(257), "at most 256"],
  [EMAIL, "not use your email address"],
  ["Margaret.OConnor@Example.com", "not use your email address"],
  ["margaret.oconnor2026", "not use your email address"],
  ["password1234", "too easy to guess"],
  ["Passw0rd!!!!", "too easy to guess"],
  ["qwertyuiop12", "too easy to guess"],
  ["123456789012", "too easy to guess"],
  ["abcdefghijkl", "too easy to guess"],
  ["aaaaaaaaaaaa", "too easy to guess"],
  ["121212121212", "too easy to guess"],
  ["19700101197001", "too easy to guess"],
  ["i love you forever", "too easy to guess"],
])("rejects %s", (password, sentence) => {
  expect(weakness(password, EMAIL)).toContain(sentence);
});

test("handles any input", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.emailAddress(),
      (typed, email) => {
        expect(["string", "undefined"]).toContain(typeof weakness(typed, email));
      },
    ),
  );
});
