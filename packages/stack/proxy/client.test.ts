import fc from "fast-check";
import { expect, test } from "vitest";
import { clientAddress, trustedList } from "./client.ts";

const trusted = trustedList(["127.0.0.1", "::1", "10.0.0.0/8"]);

test("uses the address that a trusted proxy forwards", () => {
  expect(clientAddress("127.0.0.1", "203.0.113.9", trusted)).toBe("203.0.113.9");
  expect(clientAddress("::ffff:127.0.0.1", "203.0.113.9, 10.1.2.3", trusted)).toBe("203.0.113.9");
  expect(clientAddress("::1", "2001:db8::7", trusted)).toBe("2001:db8::7");
});

test("ignores addresses to the left of the first untrusted one", () => {
  expect(clientAddress("127.0.0.1", "10.9.9.9, 198.51.100.4, 203.0.113.9", trusted)).toBe(
    "203.0.113.9",
  );
});

test("stops at an entry that is not an address", () => {
  expect(clientAddress("127.0.0.1", "203.0.113.9, unknown", trusted)).toBe("127.0.0.1");
  expect(clientAddress("127.0.0.1", undefined, trusted)).toBe("127.0.0.1");
});

test("ignores X-Forwarded-For from an untrusted client", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.string(), (peer, said) => {
      fc.pre(!trusted.check(peer));
      expect(clientAddress(peer, said, trusted)).toBe(peer);
    }),
  );
});
