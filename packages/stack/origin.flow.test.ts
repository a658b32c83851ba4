import { createServer } from "node:http";
import { type Listening, listen } from "@rushes/aws-local/wire/listen";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { assertIssuer } from "./origin.ts";

let provider: Listening;
/** The issuer that the provider names. Below `/none` there is no provider. */
let issuer = "";
beforeAll(async () => {
  const server = createServer((request, response) => {
    const isThere = request.url === "/realms/x/.well-known/openid-configuration";
    response.writeHead(isThere ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ issuer }));
  });
  provider = await listen(server, { host: "127.0.0.1", port: 0 });
});
afterAll(() => provider.close());

const warnings = () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => written.mockRestore());
  return () => written.mock.calls.map(([text]) => String(text)).join("");
};

test("accepts the issuer that the provider names, without a message", async () => {
  issuer = `${provider.url}/realms/x`;
  const printed = warnings();
  await assertIssuer(issuer);
  expect(printed()).toBe("");
});

test.each([
  ["a slash too many", "/realms/x/", "/realms/x"],
  ["a slash too few", "/realms/x", "/realms/x/"],
  ["the address of the metadata", "/realms/x/.well-known/openid-configuration", "/realms/x"],
  ["another host name", "/realms/x", undefined],
])("rejects an issuer with %s and prints the right value", async (_, given, named) => {
  issuer = named === undefined ? "https://id.example.com/x" : `${provider.url}${named}`;
  const setting = `${provider.url}${given}`;
  await expect(assertIssuer(setting)).rejects.toThrow(
    `RUSHES_OIDC_ISSUER is "${setting}", but the provider there names itself "${issuer}"; set RUSHES_OIDC_ISSUER=${issuer}, exactly so.`,
  );
});

test.each([
  ["without a provider", () => `${provider.url}/none`, "answers 404"],
  ["that does not answer", () => "http://127.0.0.1:9", "does not answer"],
])("warns about an issuer %s and continues the start", async (_, given, why) => {
  const printed = warnings();
  await assertIssuer(given());
  expect(printed()).toContain(why);
  expect(printed()).toContain(`Check RUSHES_OIDC_ISSUER, which is "${given()}"`);
});
