import fc from "fast-check";
import { expect, test } from "vitest";
import { weakness } from "./password.ts";

const EMAIL = "margaret.oconnor@example.com";

test.each([
  "a quiet cutting room",
  "Zwölf Zeichen ß",
  "9fK2-xQ71-bb0Z",
  "紙とフィルムと小さなランプの夜",
])("takes %s", (password) => {
  expect(weakness(password, EMAIL)).toBeUndefined();
});

test.each([
  ["eleven char", "at least 12"],
  ["x".repeat(257), "at most 256"],
  [EMAIL, "than your address"],
  ["Margaret.OConnor@Example.com", "than your address"],
  ["margaret.oconnor2026", "than your address"],
  ["password1234", "first that somebody would guess"],
  ["Passw0rd!!!!", "first that somebody would guess"],
  ["qwertyuiop12", "first that somebody would guess"],
  ["123456789012", "first that somebody would guess"],
  ["abcdefghijkl", "first that somebody would guess"],
  ["aaaaaaaaaaaa", "first that somebody would guess"],
  ["121212121212", "first that somebody would guess"],
  ["19700101197001", "first that somebody would guess"],
  ["i love you forever", "first that somebody would guess"],
])("refuses %s", (password, sentence) => {
  expect(weakness(password, EMAIL)).toContain(sentence);
});

test("answers whatever is typed", () => {
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
