import { setTimeout as delay } from "node:timers/promises";

/** Calls `check` until it returns a value other than `undefined` or `false`. Throws after the deadline. */
export async function until<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 100_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`It did not happen within ${deadlineMs / 1000} s.`);
    await delay(10);
  }
}
