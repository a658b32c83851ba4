import { expect, test } from "vitest";
import { ACCOUNT } from "./rules/account.ts";
import { RULES } from "./rules/index.ts";

test("proves every rule of the app with at least one mistake", () => {
  const unproven = Object.entries({ ...RULES, ...ACCOUNT }).filter(
    ([, { breaks }]) => breaks.length === 0,
  );
  expect(unproven).toEqual([]);
});
