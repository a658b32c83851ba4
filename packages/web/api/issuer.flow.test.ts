// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { once } from "node:events";
import { createServer } from "node:http";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

let stack: Stack;
let app: typeof import("./app.ts").app;
let base = "";

/** A provider whose configured URL has a trailing slash, while its issuer has none. */
const provider = createServer((request, response) => {
  const isThere = request.url === "/realms/x/.well-known/openid-configuration";
  response.writeHead(isThere ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify({ issuer: `${base}/realms/x`, jwks_uri: `${base}/keys` }));
});

beforeAll(async () => {
  stack = await startStack();
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  const address = provider.address();
  base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  process.env.SST_RESOURCE_SignIn = JSON.stringify({
    required: true,
    issuer: `${base}/realms/x/`,
    clientId: "c",
    clientSecret: "s",
    groupsClaim: "groups",
    adminGroup: "admins",
    adminEmails: [],
    trustEmail: false,
  });
  ({ app } = await import("./app.ts"));
});
afterAll(async () => {
  vi.restoreAllMocks();
  provider.close();
  await stack.close();
});

test("reports a wrong issuer, and logs the setting and its correct value", async () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);

  const answer = await app.request("http://127.0.0.1:3000/api/auth/sign-in?returnTo=%2F");

  expect(answer.headers.get("location")).toContain("problem=signin.issuer");
  const log = written.mock.calls.map(([text]) => String(text)).join("");
  expect(log).toContain(`RUSHES_OIDC_ISSUER is "${base}/realms/x/"`);
  expect(log).toContain(`set RUSHES_OIDC_ISSUER=${base}/realms/x, exactly so.`);
});
