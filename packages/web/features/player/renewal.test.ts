import { expect, test } from "vitest";
import { byLocalClock, refreshInMs } from "./renewal.ts";

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
    const nowMs = NOW + wrongBy;
    const response = { expires: at(NOW + 600_000), hls: { expires: at(NOW + 900_000) } };
    const { expires, hls } = byLocalClock(response, { requestedMs: nowMs, lifeSeconds: 600 });
    expect(refreshInMs(expires, nowMs)).toBe(540_000);
    expect(refreshInMs(hls.expires, nowMs)).toBe(840_000);
  }
});
