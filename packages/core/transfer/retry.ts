import { UploadError } from "./upload-error.ts";

/** Why an upload is waiting. */
export type Waiting = "offline" | "retry" | "signed_out";

/** What waiting needs from the browser or from Node. Tests pass their own. */
export interface RetryEnvironment {
  /** Resolves after `ms`. Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A random number in [0, 1). */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  network: {
    online(): boolean;
    /** Resolves when the browser comes online, when the user returns to the page, or after `ms`. */
    back(ms: number, signal: AbortSignal): Promise<void>;
  };
  /** How long a failing request is tried again, and the sentence after that. Without it, until the upload expires. */
  giveUp?: { afterMs: number; message: string };
  session: {
    /** Resolves when the owner of these files is signed in. Rejects with the signal's reason. */
    back(signal: AbortSignal): Promise<void>;
  };
}

const FIRST_MS = 500;
/** In a long outage, the time between two tries is between half of this and all of it. */
const LONGEST_MS = 60_000;
/**
 * A browser that reports "offline" may still reach a server on its own machine, so the upload is tried now
 * and then instead of waiting for the event alone.
 */
const OFFLINE_MS = 10_000;
/** How often damaged bytes are sent again: an outage passes, but faulty memory does not. */
const DAMAGED_TRIES = 10;

/** The wait before try number `tries` + 1: it doubles, and its upper half is random. */
export function delayMs(tries: number, random: number): number {
  const ceiling = Math.min(FIRST_MS * 2 ** tries, LONGEST_MS);
  return ceiling / 2 + (random * ceiling) / 2;
}

type Options = {
  onWaiting?(waiting: Waiting | undefined): void;
  /** When the upload expires, in milliseconds since the epoch. After that, another try is pointless. */
  expiresAtMs?: number | undefined;
};

/**
 * Runs `attempt` until it succeeds, the upload expires, the environment gives up, or `signal` aborts. Retries the outcomes
 * `retry` and `sign_in` only, and throws every other error. An outage may take any time: a laptop may sleep for a night
 * during an upload. A wait ends early when the browser comes online or the user returns to the page, unless the server
 * set the wait.
 */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  env: RetryEnvironment,
  signal: AbortSignal,
  { onWaiting = () => {}, expiresAtMs = Number.POSITIVE_INFINITY }: Options = {},
): Promise<T> {
  let damaged = 0;
  let failingSinceMs: number | undefined;
  for (let tries = 0; ; ) {
    signal.throwIfAborted();
    try {
      const result = await attempt();
      onWaiting(undefined);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UploadError)) throw error;
      const { outcome } = error;
      if (outcome.type === "sign_in") {
        onWaiting("signed_out");
        await env.session.back(signal);
        continue;
      }
      if (outcome.type !== "retry") throw error;
      if (outcome.damaged) damaged += 1;
      if (damaged >= DAMAGED_TRIES) fail("damaged");
      if (env.now() >= expiresAtMs) fail("expired");
      failingSinceMs ??= env.now();
      if (env.giveUp && env.now() - failingSinceMs >= env.giveUp.afterMs) {
        const { message } = env.giveUp;
        throw new UploadError({ type: "fail", problem: { type: "refused", message } });
      }
      if (!env.network.online()) {
        onWaiting("offline");
        await env.network.back(OFFLINE_MS, signal);
        continue;
      }
      onWaiting("retry");
      const ms = delayMs(tries, env.random());
      tries += 1;
      if (outcome.afterMs === undefined) await env.network.back(ms, signal);
      else await env.sleep(Math.max(ms, outcome.afterMs), signal);
    }
  }
}

function fail(type: "damaged" | "expired"): never {
  throw new UploadError({ type: "fail", problem: { type } });
}
