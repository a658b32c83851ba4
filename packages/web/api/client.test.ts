import { expect, test } from "vitest";
import { clientOf } from "./client.ts";

const addressOf = (forwarded: string) =>
  clientOf(new Headers({ "x-forwarded-for": forwarded })).address;

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["10.0.0.1, 203.0.113.9", "203.0.113.9"],
  ["203.0.113.9:51234", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["2001:db8::1", "2001:db8::1"],
])("trusts only the address that the proxy appended last: %s", (header, is) => {
  expect(addressOf(header)).toBe(is);
});

test.each(["", "unknown", "203.0.113.9,", "1.2.3", "x".repeat(5000)])(
  "ignores an invalid address: %s",
  (header) => expect(addressOf(header)).toBe("local"),
);

test("trusts CloudFront's viewer address, whatever else the list contains", () => {
  const headers = { "x-forwarded-for": "10.0.0.1", "x-forwarded-viewer": "203.0.113.9" };
  expect(clientOf(new Headers(headers)).address).toBe("203.0.113.9");
});

test("treats a request without a proxy as local, and truncates a long user agent", () => {
  expect(clientOf(new Headers())).toEqual({ address: "local", agent: "" });
  expect(clientOf(new Headers({ "user-agent": "a".repeat(999) })).agent).toHaveLength(200);
});
