/** The time of a program under test, which passes only while the program waits. */

export interface VirtualClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves once `ms` have passed. Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Stops the time until `work` ends. */
  hold<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/** How often it checks whether the program waits, in real milliseconds. */
const TICK_MS = 2;

/** @param isIdle whether the program has nothing to do but to wait. Then the time jumps to the end of the next wait */
export function startVirtualClock(isIdle: () => boolean): VirtualClock {
  let nowMs = Date.now();
  let holds = 0;
  const waits = new Map<symbol, { dueMs: number; end(): void }>();

  const timer = setInterval(() => {
    if (holds > 0 || waits.size === 0 || !isIdle()) return;
    nowMs = Math.max(nowMs, Math.min(...[...waits.values()].map(({ dueMs }) => dueMs)));
    for (const [key, { dueMs, end }] of waits) {
      if (dueMs > nowMs) continue;
      waits.delete(key);
      end();
    }
  }, TICK_MS);

  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const key = Symbol("wait");
        const abort = () => {
          waits.delete(key);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
        waits.set(key, {
          dueMs: nowMs + ms,
          end() {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        });
      }),
    async hold(work) {
      holds += 1;
      try {
        return await work;
      } finally {
        holds -= 1;
      }
    },
    stop: () => clearInterval(timer),
  };
}
