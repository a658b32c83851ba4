import fc from "fast-check";
import { expect, test } from "vitest";
import { before, isTerminal, STATUSES, type Status, TRANSITIONS } from "./status.ts";

test("allows no status twice, and ends every attempt in a terminal status", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), (choices) => {
      let status: Status = STATUSES[0];
      const seen = new Set<Status>([status]);
      for (const choice of choices) {
        const next: readonly Status[] = TRANSITIONS[status];
        if (next.length === 0) break;
        status = next[choice % next.length] ?? status;
        expect(seen.has(status)).toBe(false);
        seen.add(status);
      }
      expect(isTerminal(status)).toBe(TRANSITIONS[status].length === 0);
    }),
  );
});

test("allows `complete` only after `checking`", () => {
  expect(before("complete")).toEqual(["checking"]);
});

test("allows no transition from a terminal status", () => {
  for (const to of STATUSES) {
    expect(before(to).some(isTerminal)).toBe(false);
  }
});
