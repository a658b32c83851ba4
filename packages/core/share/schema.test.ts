import { expect, test } from "vitest";
import { New } from "./schema.ts";

const taken = (origin: string) => New.safeParse({ origins: [origin] }).success;

test.each([
  "https://example.com",
  "https://a-b.example.co.uk:8443",
  "https://xn--bcher-kva.example",
  "http://localhost:3000",
  "http://127.0.0.1",
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
