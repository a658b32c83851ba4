import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStallWatch } from "./stall.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Two requests on one line, and which of them have stalled. */
function twoRequests() {
  const watch = createStallWatch(Date.now);
  const stalled: string[] = [];
  const of = (name: string) => watch(() => stalled.push(name));
  return { slow: of("slow"), fast: of("fast"), stalled };
}

it("sends a request again after a minute without progress of any request", () => {
  const { slow, fast, stalled } = twoRequests();
  vi.advanceTimersByTime(50_000);
  slow.moved();
  fast.end();
  vi.advanceTimersByTime(59_999);
  expect(stalled).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(stalled).toEqual(["slow"]);
});

it("waits longer for a request while another one uses the line, and then sends it again", () => {
  const { fast, stalled } = twoRequests();
  for (let ms = 0; ms < 290_000; ms += 10_000) {
    vi.advanceTimersByTime(10_000);
    fast.moved();
  }
  expect(stalled).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(stalled).toEqual(["slow"]);
});
