import { session } from "../session/session.ts";
import { api } from "./http.ts";
import { createPool } from "./pool.ts";
import { put } from "./xhr.ts";

/** Resolves after `ms`, or as soon as `event` fires on the window; rejects when `signal` aborts. */
function pause(ms: number, signal: AbortSignal, event?: "online"): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const over = new AbortController();
    const done = (settle: () => void) => {
      clearTimeout(timer);
      over.abort();
      settle();
    };
    const timer = setTimeout(() => done(resolve), ms);
    const once = { once: true, signal: over.signal };
    signal.addEventListener("abort", () => done(() => reject(signal.reason)), once);
    if (event) window.addEventListener(event, () => done(resolve), once);
  });
}

/** The browser, as the engine sees it. */
export function browser() {
  return {
    api,
    put,
    pool: createPool(),
    now: Date.now,
    random: Math.random,
    sleep: (ms: number, signal: AbortSignal) => pause(ms, signal),
    network: {
      online: () => navigator.onLine,
      back: (ms: number, signal: AbortSignal) => pause(ms, signal, "online"),
    },
    session,
    every(ms: number, task: () => void) {
      const timer = setInterval(task, ms);
      return () => clearInterval(timer);
    },
  };
}
