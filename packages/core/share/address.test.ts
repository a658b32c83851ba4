import fc from "fast-check";
import { expect, test } from "vitest";
import * as Id from "../id.ts";
import * as address from "./address.ts";

const ids = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((time) => Id.create.share(time));
const TEXT = "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghijklmnopqrstuvwxyz-_ \n%.";

test("makes an address that identifies its share and needs no encoding in a path", () => {
  fc.assert(
    fc.property(ids, (id) => {
      const text = address.addressOf(id);
      expect(address.idOf(text)).toBe(id);
      expect(encodeURIComponent(text)).toBe(text);
    }),
  );
});

test("rejects an address in which one character differs", () => {
  const character = fc.constantFrom(...TEXT);
  fc.assert(
    fc.property(ids, fc.nat(48), character, (id, at, other) => {
      const text = address.addressOf(id);
      fc.pre(text[at] !== other);
      expect(address.idOf(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test("rejects the MAC of another share, and any other text", () => {
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      fc.pre(one !== other);
      const mac = address.addressOf(other).slice(27);
      expect(address.idOf(`${one.slice(4)}-${mac}`)).toBeUndefined();
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => address.idOf(text) === undefined));
  const whole = address.addressOf(Id.create.share());
  for (const text of [`shr_${whole}`, `${whole}\n`, `${whole}=`, whole.toLowerCase(), ""]) {
    expect(address.idOf(text)).toBeUndefined();
  }
});
