import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode } from "./cursor.ts";

test("a cursor leads back to where it was made, and only in the query that it is of", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 200 }), (query, key) => {
      fc.pre(key.isWellFormed() && query.isWellFormed());
      expect(decode(query, encode(query, key))).toBe(key);
      expect(() => decode(`${query}!`, encode(query, key))).toThrow("not valid");
    }),
  );
});

test("anything else is an error that says so, never a crash", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decode("q", text)).toThrow("not valid");
    }),
  );
});
