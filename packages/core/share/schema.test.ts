import { expect, test } from "vitest";
import { New } from "./schema.ts";

const taken = (origin: string) => New.safeParse({ origins: [origin] }).success;

test.each([
  "https://example.com",
  "https://a-b.example.co.uk:8443",
  "https://xn--bcher-kva.example",
  "http://localhost:3000",
  "http://127.0.0.1",
  "https://192.168.1.20",
  "https://wiki",
  "https://[2001:db8::1]:8443",
])("%s may frame a player", (origin) => {
  expect(taken(origin)).toBe(true);
});

test.each([
  ["everybody", "https://*"],
  ["every name below", "https://*.example.com"],
  ["a directive of its own", "https://a;sandbox"],
  ["two at once", "https://a.example,https://b.example"],
  ["no host", "https://"],
  ["a label that begins with a hyphen", "https://-a.example"],
  ["a label that ends with a hyphen", "https://a-.example"],
  ["an empty label", "https://a..example"],
  ["a character that no name has", "https://a_b.example"],
  ["a label that is too long", `https://${"a".repeat(64)}.example`],
  ["a page", "https://example.com/page"],
  ["even a slash", "https://example.com/"],
  ["a name", "https://you@example.com"],
  ["what anybody on the way can change", "http://example.com"],
  ["loopback only by its beginning", "http://localhost.example.com"],
  ["data", "data:text/html,"],
  ["no origin", "null"],
  ["a keyword of the header", "'self'"],
])("%s may not: %s", (_, origin) => {
  expect(taken(origin)).toBe(false);
});
