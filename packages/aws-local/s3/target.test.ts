import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uriEncode } from "../wire/canonical-request.ts";
import { parseCopySource, parseTarget } from "./target.ts";

describe("targets", () => {
  const key = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 200 })
    .filter((text) => Buffer.byteLength(text) <= 1024);

  test("decodes a key as encoded, with dots and double slashes", () => {
    fc.assert(
      fc.property(key, (key) => {
        const path = `/films/${uriEncode(key).replaceAll("%2F", "/")}`;
        expect(parseTarget(`${path}?partNumber=1`)).toMatchObject({ bucket: "films", key });
        const copy = { bucket: "films", key };
        expect(parseCopySource(path)).toEqual(copy);
        expect(parseCopySource(uriEncode(`films/${key}`))).toEqual(copy);
      }),
    );
  });

  test("rejects every invalid target with an S3 error", () => {
    fc.assert(
      fc.property(fc.string(), (target) => {
        try {
          parseTarget(target);
        } catch (error) {
          expect(error).toHaveProperty("code");
        }
      }),
    );
  });
});
