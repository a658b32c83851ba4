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
])("what the door wrote last is believed, whatever the client wrote before: %s", (header, is) => {
  expect(addressOf(header)).toBe(is);
});

test.each(["", "unknown", "203.0.113.9,", "1.2.3", "x".repeat(5000)])(
  "what is no address is nobody's: %s",
  (header) => expect(addressOf(header)).toBe("local"),
);

test("what CloudFront says of the viewer is believed, whatever is left of the list", () => {
  const headers = { "x-forwarded-for": "10.0.0.1", "x-forwarded-viewer": "203.0.113.9" };
  expect(clientOf(new Headers(headers)).address).toBe("203.0.113.9");
});

test("a request that passed no door is local, and a long agent is cut", () => {
  expect(clientOf(new Headers())).toEqual({ address: "local", agent: "" });
  expect(clientOf(new Headers({ "user-agent": "a".repeat(999) })).agent).toHaveLength(200);
});
