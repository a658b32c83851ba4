import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { changeTags, MAX_TAG_LENGTH, Tag } from "./tags.ts";

test.each([
  ["  Wedding \n 2026 ", "Wedding 2026"],
  ["e\u0301te\u0301", "été"],
])("stores %j as %j", (text, tag) => {
  expect(Tag.parse(text)).toBe(tag);
});

test.each([
  ["empty", "  "],
  ["too long", "a".repeat(MAX_TAG_LENGTH + 1)],
])("rejects a tag that is %s", (_, tag) => {
  expect(Tag.safeParse(tag).success).toBe(false);
});

const tags = fc.array(fc.constantFrom("a", "A", "á", "b", "B b", "c"));

describe("changeTags", () => {
  it("adds tags once, and keeps the spelling that was first", () => {
    expect(changeTags(["Été"], { add: ["ete", "new", "NEW"] })).toEqual(["Été", "new"]);
  });

  it("removes a tag in any spelling, and adds what is in both lists", () => {
    expect(changeTags(["Été", "b"], { remove: ["ETE"] })).toEqual(["b"]);
    expect(changeTags(["a"], { remove: ["a"], add: ["A"] })).toEqual(["A"]);
  });

  it("changes nothing if it is repeated", () => {
    fc.assert(
      fc.property(tags, tags, tags, (before, add, remove) => {
        const once = changeTags(before, { add, remove });
        expect(changeTags(once, { add, remove: [] })).toEqual(once);
      }),
    );
  });
});
