import { expect, test } from "vitest";
import { ownersMistakes, ownersOf } from "./import-owners.ts";

const owners = JSON.stringify({
  principals: { "AWS:AIDAANN": "own_ann", "AWS:AROACAMERA:*": "own_camera" },
  prefixes: { "ann/": "own_ann", "ann/with-ben/": "own_ben" },
});

test.each([
  ["the owner of an access key", "film.mov", "AWS:own_ann", ["own_ann"]],
  ["an IAM user of the setting", "film.mov", "AWS:AIDAANN", ["own_ann"]],
  ["each session of a role", "a.mov", "AWS:AROACAMERA:i-1", ["own_camera"]],
  ["the longest prefix of the key", "ann/with-ben/a.mov", undefined, ["own_ben", "own_ann"]],
  ["the principal before the prefix", "ann/a.mov", "AWS:own_ben", ["own_ben", "own_ann"]],
  ["nobody for another principal and key", "a.mov", "AWS:AIDABEN", []],
])("names %s", (_, key, principalId, expected) => {
  expect(ownersOf({ key, principalId }, owners)).toEqual(expected);
});

test("names the path of each mistake in the setting", () => {
  const sentence = (mistake: string) =>
    `RUSHES_IMPORT_OWNERS is not valid: ${mistake}. See docs/footage.md.`;
  expect(ownersMistakes(owners)).toEqual([]);
  expect(ownersMistakes("{}")).toEqual([]);
  expect(ownersMistakes("ann")).toEqual([sentence("it is not JSON")]);
  const wrong = '{"prefixes": {"ann/": 1}, "principals": {"AWS:A": ""}, "prefix": {}}';
  expect(ownersMistakes(wrong)).toEqual([
    sentence("principals.AWS:A: Too small: expected string to have >=1 characters"),
    sentence("prefixes.ann/: Invalid input: expected string, received number"),
    sentence('Unrecognized key: "prefix"'),
  ]);
});
