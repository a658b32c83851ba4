import { expect, test } from "vitest";
import { isBefore } from "./current.ts";

test("compares sequencers of different lengths as S3 documents", () => {
  expect(isBefore("0062E99A88DC407460", "0062E99A88DC407461")).toBe(true);
  expect(isBefore("0062E99A88DC4074", "0062E99A88DC407401")).toBe(true);
  expect(isBefore("0062E99A89", "0062E99A88DC407461")).toBe(false);
  expect(isBefore("ab", "AB")).toBe(false);
});
