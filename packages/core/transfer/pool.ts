import { CONNECTIONS } from "../upload/plan.ts";

/** Runs at most `size` tasks at once, in first-in, first-out order. */
export interface Pool {
  /**
   * Runs `task` as soon as a slot is free. If `signal` aborts before that, it rejects with the signal's reason and
   * takes no slot.
   */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

/**
 * Browsers open six connections to an origin. One pool for all files and parts keeps all six busy and queues
 * no request inside the browser, where a stalled request looks like a queued one. Files take turns, so that a small
 * file does not wait for a huge one.
 */
export function createPool(size = CONNECTIONS): Pool {
  let taken = 0;
  const waiting = new Set<() => void>();

  function take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (taken < size) {
      taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        waiting.delete(enter);
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      waiting.add(enter);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** Passes the slot directly to the next task, so that no other task can take it. */
  function give() {
    const [next] = waiting;
    if (!next) {
      taken -= 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async run(signal, task) {
      await take(signal);
      try {
        signal.throwIfAborted();
        return await task();
      } finally {
        give();
      }
    },
  };
}

/** Few of them leave most connections to other requests. */
export const createPolls = () => createPool(2);
