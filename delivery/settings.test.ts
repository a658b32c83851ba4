import fc from "fast-check";
import { expect, test } from "vitest";
import { CliError } from "../packages/core/cli-error.ts";
import { parseSettings } from "./settings.ts";

test("reads lines of a name and a value, with comments between them", () => {
  expect(
    parseSettings("# where\nRUSHES_DOMAIN=video.example.com\r\n\n RUSHES_ADMINS = a@b.c, d@e.f \n"),
  ).toEqual({ RUSHES_DOMAIN: "video.example.com", RUSHES_ADMINS: "a@b.c, d@e.f" });
});

test("accepts characters in a value that a name cannot have", () => {
  expect(parseSettings("RUSHES_OIDC_ISSUER=https://id.example.com/?a=b#c")).toEqual({
    RUSHES_OIDC_ISSUER: "https://id.example.com/?a=b#c",
  });
});

test.each([
  "PATH=/tmp",
  "NODE_OPTIONS=--require=/tmp/x.js",
  "AWS_PROFILE=other",
  "RUSHES_PERMISSIONS_BOUNDARY=",
  "RUSHES_COMMIT=abc",
  "RUSHES_DOMAIN",
  "=x",
])("rejects a setting that is not the app's: %s", (line) => {
  expect(() => parseSettings(`RUSHES_SENDER=a@b.c\n${line}`)).toThrow(CliError);
});

test("returns only the app's own names, for any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      try {
        return Object.keys(parseSettings(text)).every((name) => name.startsWith("RUSHES_"));
      } catch (error) {
        return error instanceof CliError;
      }
    }),
  );
});
