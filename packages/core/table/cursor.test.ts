import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode } from "./cursor.ts";

test("decodes a cursor to its sort key, and rejects it for another list", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 200 }), (query, key) => {
      fc.pre(key.isWellFormed() && query.isWellFormed());
      expect(decode(query, encode(query, key))).toBe(key);
      expect(() => decode(`${query}!`, encode(query, key))).toThrow("not valid");
    }),
  );
});

test("rejects any other text with an error for the user", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decode("q", text)).toThrow("not valid");
    }),
  );
});
