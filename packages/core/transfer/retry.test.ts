import { describe, expect, it } from "vitest";
import { delayMs, type RetryEnvironment, withRetry } from "./retry.ts";
import { UploadError } from "./upload-error.ts";

function fakeEnv() {
  const log = { woken: [] as number[], slept: [] as number[] };
  const env: RetryEnvironment = {
    random: () => 0,
    now: () => 0,
    sleep: async (ms) => void log.slept.push(ms),
    network: { online: () => true, back: async (ms) => void log.woken.push(ms) },
    session: { back: async () => {} },
  };
  return { env, log };
}
const signal = new AbortController().signal;

function failing(times: number, afterMs?: number): () => Promise<string> {
  return async () => {
    times -= 1;
    if (times >= 0) throw new UploadError({ type: "retry", afterMs });
    return "sent";
  };
}

describe("withRetry", () => {
  it("retries after half a second at first, and every 15 to 60 s in a long outage", () => {
    expect(delayMs(0, 0)).toBe(250);
    for (const tries of [6, 7, 8, 100, 10_000]) {
      expect(delayMs(tries, 0)).toBeGreaterThanOrEqual(15_000);
      expect(delayMs(tries, 0.999)).toBeLessThanOrEqual(60_000);
    }
  });

  it("gives up with the environment's sentence once a request has failed for its time", async () => {
    const { env, log } = fakeEnv();
    const waiting = {
      ...env,
      now: () => log.woken.length,
      giveUp: { afterMs: 5, message: "Later." },
    };
    await expect(withRetry(failing(20), waiting, signal)).rejects.toThrow("Later.");
    expect(log.woken).toHaveLength(5);
  });

  it("retries at once when the network or the user is back", async () => {
    const { env, log } = fakeEnv();
    expect(await withRetry(failing(20), env, signal)).toBe("sent");
    expect(log.woken).toHaveLength(20);
    expect(log.slept).toEqual([]);
  });

  it("does not retry before the time that the server named, even if the user returns", async () => {
    const { env, log } = fakeEnv();
    await withRetry(failing(3, 90_000), env, signal);
    expect(log).toEqual({ woken: [], slept: [90_000, 90_000, 90_000] });
  });
});
