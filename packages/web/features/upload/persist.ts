import { Trouble } from "./problem.ts";

/** What a run waits for while nothing moves. */
export type Waiting = "offline" | "retry" | "signed_out";

/** The world as far as waiting goes; tests bring their own. */
export interface Patience {
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
  network: {
    online(): boolean;
    /** Resolves when the browser is online again, or after `ms` at the latest. */
    back(ms: number, signal: AbortSignal): Promise<void>;
  };
  session: {
    /** Resolves when the person whose files these are is signed in; rejects with the signal's reason. */
    back(signal: AbortSignal): Promise<void>;
  };
}

const TRIES = 10;
const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/**
 * A browser that says "offline" may still reach a server on its own machine, so that we knock now and
 * then instead of waiting for the event alone.
 */
const KNOCK_MS = 10_000;

/** How long to wait before try number `tries` + 1: doubling, the upper half of it by chance. */
export function delayMs(tries: number, random: number, afterMs?: number): number {
  const ceiling = Math.min(FIRST_MS * 2 ** tries, LONGEST_MS);
  return Math.max(ceiling / 2 + (random * ceiling) / 2, afterMs ?? 0);
}

/**
 * Does `attempt` until it succeeds, is given up, or `signal` aborts. Only outcomes of `again` and
 * `sign_in` are repeated; every other error is thrown as it is. Neither the time offline nor that
 * until the next sign-in counts as a try.
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  world: Patience,
  signal: AbortSignal,
  onWaiting: (waiting: Waiting | undefined) => void = () => {},
): Promise<T> {
  for (let tries = 0; ; ) {
    signal.throwIfAborted();
    try {
      const result = await attempt();
      onWaiting(undefined);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Trouble)) throw error;
      if (error.outcome.type === "sign_in") {
        onWaiting("signed_out");
        await world.session.back(signal);
        continue;
      }
      if (error.outcome.type !== "again") throw error;
      if (!world.network.online()) {
        onWaiting("offline");
        await world.network.back(KNOCK_MS, signal);
        continue;
      }
      tries += 1;
      if (tries >= TRIES) throw new Trouble({ type: "fail", problem: { type: "network" } });
      onWaiting("retry");
      await world.sleep(delayMs(tries - 1, world.random(), error.outcome.afterMs), signal);
    }
  }
}
