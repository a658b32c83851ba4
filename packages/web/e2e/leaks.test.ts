import { expect, test } from "vitest";
import { leaks } from "./leaks.ts";

const MAC = "aB3-aB3_aB3aB3aB3aB3aB";

test.for([
  ["an API token", `asked with rsh_${"aB3".repeat(13).slice(0, 38)}`],
  ["a signed address", "GET /films/a.mp4?X-Amz-Signature=00ff"],
  [
    "a signed address of a rendition",
    `GET /media/a.mp4?Expires=1&Signature=${"aB3~".repeat(80)}__`,
  ],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
  ["the address of a share", `POST /api/watch/01ARZ3NDEKTSV4RRFFQ69G5FAV-${MAC} failed`],
  ["a token of the provider", "got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLg"],
  ["a sealed cookie", "unseal(eyJhbGciOiJkaXIifQ..bm9uY2Vub25j.Y2lwaGVy.dGFn)"],
  ["a cookie", "cookie: __Host-rushes=abcdefghijklmnopq"],
  ["a bearer", "authorization: Bearer abcdefghijklmnopq"],
  ["a code of the provider", "GET /api/auth/callback?code=abcdefghijklmnopq"],
  ["a one-time link", "GET /identity/welcome/abcdefghijklmnopqrst"],
])("%s in a log is found, and not repeated", ([name = "", line = ""]) => {
  const found = leaks(`all is well\n${line}`);
  expect(found.some((one) => one.startsWith(`${name}: `))).toBe(true);
  expect(found.join()).not.toContain("abcdefghijklmnopq");
});

test("finds a secret of this run anywhere in a log", () => {
  expect(leaks("failed: open sesame!", { "Ann's password": "open sesame" })).toEqual([
    "Ann's password: failed: …!",
  ]);
});

test("accepts allowed log lines", () => {
  const lines = [
    "GET /api/jobs/job_01ARZ3NDEKTSV4RRFFQ69G5FAV failed: Error",
    "2026-01-01T00:00:00.000Z The web server did not answer /api/watch/…: ECONNREFUSED",
    "The last use of tok_01ARZ3NDEKTSV4RRFFQ69G5FAV was not written",
  ];
  expect(leaks(lines.join("\n"), { nothing: "" })).toEqual([]);
});
