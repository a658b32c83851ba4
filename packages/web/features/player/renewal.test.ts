import { expect, test } from "vitest";
import { byOwnClock, refreshInMs } from "./renewal.ts";

const NOW = Date.parse("2026-01-01T12:00:00.000Z");
const at = (ms: number) => new Date(ms).toISOString();

test("refreshes URLs before they expire, at most every ten seconds", () => {
  expect(refreshInMs(at(NOW + 600_000), NOW)).toBe(540_000);
  expect(refreshInMs(at(NOW + 61_000), NOW)).toBe(10_000);
  expect(refreshInMs(at(NOW - 600_000), NOW)).toBe(10_000);
  expect(refreshInMs(undefined, NOW)).toBe(10_000);
});

test("computes the same expiry with a clock that is wrong by hours", () => {
  for (const wrongBy of [-3_600_000, 0, 3_600_000]) {
    const answer = { expires: at(NOW + 600_000), expiresInSeconds: 600 };
    const own = byOwnClock(answer, NOW + wrongBy);
    expect(refreshInMs(own.expires, NOW + wrongBy)).toBe(540_000);
  }
});
