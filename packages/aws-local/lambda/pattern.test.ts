import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, PatternError } from "./pattern.ts";

const event = {
  source: "aws.mediaconvert",
  detail: {
    status: "COMPLETE",
    percent: 40,
    tags: ["a", "b"],
    empty: [],
    none: null,
    tracks: [
      { kind: "video", codec: { name: "h264" } },
      { kind: "audio", lang: "de" },
    ],
    deep: [[{ a: 1 }], { a: [2] }],
    path: "a\\b*c",
  },
};

test.each([
  [{ source: ["aws.mediaconvert"] }, true],
  [{ source: ["aws.s3", "aws.mediaconvert"] }, true],
  [{ source: ["aws.s3"] }, false],
  [{ source: ["aws.mediaconvert"], detail: { status: ["ERROR"] } }, false],
  [{ detail: { tags: ["b"] } }, true],
  [{ detail: { none: [null] } }, true],
  [{ detail: { missing: [null] } }, false],
  [{ detail: { missing: [{ exists: false }] } }, true],
  [{ detail: { empty: [{ exists: true }] } }, false],
  [{ detail: { tracks: { kind: ["audio"] } } }, true],
  [{ detail: { tracks: { kind: ["audio"], lang: ["de"] } } }, true],
  // The same member of the list must match both.
  [{ detail: { tracks: { kind: ["video"], lang: ["de"] } } }, false],
  [{ detail: { tracks: { codec: { name: ["h264"] } } } }, true],
  [{ detail: { tracks: { lang: [{ exists: false }] } } }, false],
  [{ detail: { tracks: { title: [{ exists: false }] } } }, true],
  [{ detail: { deep: { a: [2] } } }, true],
  [{ detail: { empty: { a: [{ exists: false }] } } }, true],
  // `exists` applies only to values without fields.
  [{ detail: [{ exists: true }] }, false],
  [{ detail: { path: [{ wildcard: "a\\\\b\\*c" }] } }, true],
  [{ detail: { path: [{ wildcard: "a*\\*c" }] } }, true],
  [{ detail: { path: [{ wildcard: "a\\*c" }] } }, false],
  [{ source: [{ prefix: "aws." }] }, true],
  [{ source: [{ suffix: ".s3" }] }, false],
  [{ detail: { status: [{ "equals-ignore-case": "complete" }] } }, true],
  [{ detail: { status: [{ wildcard: "C*E" }] } }, true],
  [{ detail: { status: [{ wildcard: "C.*E" }] } }, false],
  [{ detail: { percent: [{ numeric: [">", 10, "<=", 40] }] } }, true],
  [{ detail: { percent: [{ numeric: ["<", 40] }] } }, false],
  [{ detail: { status: [{ "anything-but": ["ERROR", "CANCELED"] }] } }, true],
  [{ detail: { status: [{ "anything-but": { prefix: "COMP" } }] } }, false],
  [{ detail: { missing: [{ "anything-but": "x" }] } }, false],
  [{ $or: [{ source: ["aws.s3"] }, { detail: { status: ["COMPLETE"] } }] }, true],
])("evaluates %j", (pattern, matches) => {
  expect(compile(pattern)(event)).toBe(matches);
});

test.each([
  [{}],
  [{ source: "aws.s3" }],
  [{ source: [] }],
  [{ source: [{ cidr: "10.0.0.0/8" }] }],
  [{ source: [{ prefix: { "equals-ignore-case": "a" } }] }],
  [{ source: [{ prefix: "a", suffix: "b" }] }],
  [{ source: [{ numeric: [">"] }] }],
  [{ source: [{ numeric: ["!=", 1] }] }],
  [{ source: [{ wildcard: "a**b" }] }],
  [{ source: [{ wildcard: "a\\b" }] }],
  [{ source: [{ wildcard: "a\\" }] }],
])("rejects an unsupported pattern: %j", (pattern) => {
  expect(() => compile(pattern)).toThrow(PatternError);
});

test("matches an event with a pattern of its own values", () => {
  const flat = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== "$or" && key !== "__proto__"),
    fc.oneof(fc.string(), fc.integer(), fc.boolean()),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(flat, (one) => {
      const pattern = Object.fromEntries(Object.entries(one).map(([key, value]) => [key, [value]]));
      expect(compile(pattern)(one)).toBe(true);
    }),
  );
});
