import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen } from "@rushes/aws-local/wire/listen";
import { expect, test } from "vitest";
import { start } from "./index.ts";

const SITE = "https://video.example.com";

test("uses the public URL and secure cookies behind TLS", async () => {
  const provider = await start({
    dataDir: await mkdtemp(join(tmpdir(), "rushes-identity-")),
    issuer: `${SITE}/identity`,
    secret: "a secret of the stack, of more than 32 characters",
    client: {
      id: "rushes",
      secret: "the client's secret, which is long enough",
      redirectUris: [`${SITE}/api/auth/callback`],
      postLogoutRedirectUris: [`${SITE}/sign-in`],
    },
  });
  const server = await listen(createServer(provider.handler), { host: "127.0.0.1", port: 0 });

  const discovery = await fetch(`${server.url}/identity/.well-known/openid-configuration`, {
    headers: { "x-forwarded-host": "evil.example.com", "x-forwarded-proto": "http" },
  });
  const metadata: Record<string, unknown> = await discovery.json();
  const query = new URLSearchParams({
    client_id: "rushes",
    redirect_uri: `${SITE}/api/auth/callback`,
    scope: "openid",
    response_type: "code",
    code_challenge: "x".repeat(43),
    code_challenge_method: "S256",
  });
  const begun = await fetch(`${server.url}/identity/auth?${query}`, { redirect: "manual" });
  const cookies = begun.headers.getSetCookie();

  const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith("_endpoint"));
  expect(metadata.issuer).toBe(`${SITE}/identity`);
  for (const [, address] of endpoints)
    expect(address).toMatch(/^https:\/\/video\.example\.com\/identity\//);
  expect(begun.status).toBe(303);
  expect(begun.headers.get("location")).toMatch(/^\/identity\/sign-in\/[\w-]+$/);
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Secure-/);
    for (const said of [/; secure/i, /; httponly/i, /; samesite=lax/i, /; path=\/identity/i]) {
      expect(cookie).toMatch(said);
    }
  }
  await server.close();
  await provider.close();
});
