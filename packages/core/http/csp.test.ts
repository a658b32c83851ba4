import { expect, test } from "vitest";
import * as Csp from "./csp.ts";

test("writes exactly these policies", () => {
  expect(Csp.OBJECT_POLICY).toBe(
    "default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'; sandbox",
  );
  expect(Csp.IDENTITY_POLICY).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(Csp.INBOX_POLICY).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(Csp.MESSAGE_POLICY).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  );
});

test("gives a page its nonce, its media origin and the origins that may frame it", () => {
  const options = {
    nonce: "bm9uY2U=",
    uploads: "http://127.0.0.1:3002",
    media: "http://127.0.0.1:3003",
    secure: false,
    development: false,
  };
  expect(Csp.pagePolicy(options)).toBe(
    "default-src 'self'; script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic'; style-src 'self' 'nonce-bm9uY2U='; style-src-attr 'unsafe-inline'; img-src 'self' blob: data: http://127.0.0.1:3003; media-src 'self' blob: data: http://127.0.0.1:3003 http://127.0.0.1:3002; connect-src 'self' http://127.0.0.1:3002 http://127.0.0.1:3003; font-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  const frames = ["https://a.example", "https://b.example:8443"];
  const embed = Csp.pagePolicy({ ...options, frames, secure: true, development: true });
  expect(embed).toContain("'strict-dynamic' 'unsafe-eval'; style-src");
  expect(embed).toMatch(
    /; frame-ancestors https:\/\/a\.example https:\/\/b\.example:8443; upgrade-insecure-requests$/,
  );
});
