import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./evaluate.ts";
import type { Mistake } from "./rule.ts";
import { ACCOUNT } from "./rules/account.ts";
import { RULES } from "./rules/index.ts";

const ALL: Record<string, { breaks: Mistake[] }> = { ...RULES, ...ACCOUNT };

describe.each(Object.entries(ALL))("the rule “%s”", (_, { breaks }) => {
  test("is proved by at least one mistake", () => {
    expect(breaks).not.toEqual([]);
  });

  test.each(breaks)("has a mistake that still applies: $what", ({ file, find, put }) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    expect(text.replace(find, put)).not.toBe(text);
  });
});
