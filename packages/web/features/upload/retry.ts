import { Trouble } from "./upload-error.ts";

/** What a run waits for while nothing moves. */
export type Waiting = "offline" | "retry" | "signed_out";

/** The world as far as waiting goes; tests bring their own. */
export interface Patience {
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  network: {
    online(): boolean;
    /**
     * Resolves when the browser is online again or the person looks at the page again, or after `ms`
     * at the latest.
     */
    back(ms: number, signal: AbortSignal): Promise<void>;
  };
  session: {
    /** Resolves when the person whose files these are is signed in; rejects with the signal's reason. */
    back(signal: AbortSignal): Promise<void>;
  };
}

const FIRST_MS = 500;
/** Between half of this and all of it goes by between two tries once an outage lasts. */
const LONGEST_MS = 60_000;
/**
 * A browser that says "offline" may still reach a server on its own machine, so that we try now and
 * then instead of waiting for the event alone.
 */
const OFFLINE_MS = 10_000;
/** How often bytes are sent again that arrive damaged: an outage passes, a faulty memory does not. */
const DAMAGED_TRIES = 10;

/** How long to wait before try number `tries` + 1: doubling, the upper half of it by chance. */
export function delayMs(tries: number, random: number): number {
  const ceiling = Math.min(FIRST_MS * 2 ** tries, LONGEST_MS);
  return ceiling / 2 + (random * ceiling) / 2;
}

type Options = {
  onWaiting?(waiting: Waiting | undefined): void;
  /** When another try is pointless, in milliseconds since the epoch: the upload has expired by then. */
  untilMs?: number | undefined;
};

/**
 * Does `attempt` until it succeeds, the upload expires, or `signal` aborts. Only outcomes of `again`
 * and `sign_in` are repeated; every other error is thrown as it is. No outage is too long: a laptop
 * may sleep for a night in the middle of an upload. Waits end early when the browser comes online or
 * the person comes back to the page, unless the server said how long to wait.
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  world: Patience,
  signal: AbortSignal,
  { onWaiting = () => {}, untilMs = Number.POSITIVE_INFINITY }: Options = {},
): Promise<T> {
  let damaged = 0;
  for (let tries = 0; ; ) {
    signal.throwIfAborted();
    try {
      const result = await attempt();
      onWaiting(undefined);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Trouble)) throw error;
      const { outcome } = error;
      if (outcome.type === "sign_in") {
        onWaiting("signed_out");
        await world.session.back(signal);
        continue;
      }
      if (outcome.type !== "again") throw error;
      if (outcome.damaged) damaged += 1;
      if (damaged >= DAMAGED_TRIES) fail("damaged");
      if (world.now() >= untilMs) fail("expired");
      if (!world.network.online()) {
        onWaiting("offline");
        await world.network.back(OFFLINE_MS, signal);
        continue;
      }
      onWaiting("retry");
      const ms = delayMs(tries, world.random());
      tries += 1;
      if (outcome.afterMs === undefined) await world.network.back(ms, signal);
      else await world.sleep(Math.max(ms, outcome.afterMs), signal);
    }
  }
}

function fail(type: "damaged" | "expired"): never {
  throw new Trouble({ type: "fail", problem: { type } });
}
