import { describe, expect, it } from "vitest";
import { delayMs, type Patience, persist } from "./retry.ts";
import { Trouble } from "./upload-error.ts";

function world() {
  const log = { woken: [] as number[], slept: [] as number[] };
  const patience: Patience = {
    random: () => 0,
    now: () => 0,
    sleep: async (ms) => void log.slept.push(ms),
    network: { online: () => true, back: async (ms) => void log.woken.push(ms) },
    session: { back: async () => {} },
  };
  return { patience, log };
}
const signal = new AbortController().signal;

function failing(times: number, afterMs?: number): () => Promise<string> {
  return async () => {
    times -= 1;
    if (times >= 0) throw new Trouble({ type: "again", ...(afterMs ? { afterMs } : {}) });
    return "sent";
  };
}

describe("another try", () => {
  it("comes after half a second at first, and every 15 to 60 s once an outage lasts", () => {
    expect(delayMs(0, 0)).toBe(250);
    for (const tries of [6, 7, 8, 100, 10_000]) {
      expect(delayMs(tries, 0)).toBeGreaterThanOrEqual(15_000);
      expect(delayMs(tries, 0.999)).toBeLessThanOrEqual(60_000);
    }
  });

  it("comes at once when the network or the person is back: every wait can be ended early", async () => {
    const { patience, log } = world();
    expect(await persist(failing(20), patience, signal)).toBe("sent");
    expect(log.woken).toHaveLength(20);
    expect(log.slept).toEqual([]);
  });

  it("does not come before the time that the server named, whoever looks at the page", async () => {
    const { patience, log } = world();
    await persist(failing(3, 90_000), patience, signal);
    expect(log).toEqual({ woken: [], slept: [90_000, 90_000, 90_000] });
  });
});
