import { createServer } from "node:http";
import { type Listening, listen } from "@rushes/aws-local/wire/listen";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { assertIssuer } from "./origin.ts";

let provider: Listening;
/** What the provider calls itself; below `/none` there is none. */
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

test("an issuer that is what the provider calls itself starts without a word", async () => {
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
])("an issuer with %s stops the start with the right value", async (_, given, named) => {
  issuer = named === undefined ? "https://id.example.com/x" : `${provider.url}${named}`;
  const setting = `${provider.url}${given}`;
  await expect(assertIssuer(setting)).rejects.toThrow(
    `RUSHES_OIDC_ISSUER is "${setting}", but the provider there names itself "${issuer}"; set RUSHES_OIDC_ISSUER=${issuer}, exactly so.`,
  );
});

test.each([
  ["where there is no provider", () => `${provider.url}/none`, "answers 404"],
  ["where nothing answers", () => "http://127.0.0.1:9", "does not answer"],
])("an issuer %s is printed with its setting, and the start goes on", async (_, given, why) => {
  const printed = warnings();
  await assertIssuer(given());
  expect(printed()).toContain(why);
  expect(printed()).toContain(`Check RUSHES_OIDC_ISSUER, which is "${given()}"`);
});
