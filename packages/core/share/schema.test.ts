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
])("accepts %s as an embed domain", (origin) => {
  expect(taken(origin)).toBe(true);
});

test.each([
  ["all hosts", "https://*"],
  ["all subdomains", "https://*.example.com"],
  ["a directive of its own", "https://a;sandbox"],
  ["two origins", "https://a.example,https://b.example"],
  ["no host", "https://"],
  ["a label that begins with a hyphen", "https://-a.example"],
  ["a label that ends with a hyphen", "https://a-.example"],
  ["an empty label", "https://a..example"],
  ["an invalid character in a label", "https://a_b.example"],
  ["a label that is too long", `https://${"a".repeat(64)}.example`],
  ["a path", "https://example.com/page"],
  ["a slash at the end", "https://example.com/"],
  ["a user name", "https://you@example.com"],
  ["HTTP without encryption", "http://example.com"],
  ["a host that only begins like loopback", "http://localhost.example.com"],
  ["data", "data:text/html,"],
  ["no origin", "null"],
  ["a keyword of the header", "'self'"],
])("rejects %s as an embed domain: %s", (_, origin) => {
  expect(taken(origin)).toBe(false);
});
