/** Runs at most `size` tasks at once, first come first served. */
export interface Pool {
  /**
   * Runs `task` as soon as a place is free. Rejects with the signal's reason, without a place ever
   * having been taken, when `signal` aborts before.
   */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

/**
 * Chromium keeps six connections to an HTTP/1.1 origin. One pool over files and parts keeps all six
 * busy and no request waiting inside the browser, where a stalled one cannot be told from a queued
 * one. Files take turns, so that a small file does not wait for a huge one.
 */
export function createPool(size = 6): Pool {
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

  /** Passes the place directly to the next task, so that no other task can take it. */
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
