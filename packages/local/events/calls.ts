import type { Source, Work } from "./dispatch.ts";
import { type Call, InterruptedError } from "./worker-process.ts";

/** Invocations that somebody waits for. */
export class Calls implements Source {
  private readonly waiting: Work[] = [];
  private readonly wake: () => void;
  private closed = false;

  constructor(wake: () => void) {
    this.wake = wake;
  }

  /** Resolves with what the handler returned; rejects with a HandlerError or an InterruptedError. */
  run(call: Call): Promise<unknown> {
    if (this.closed) return Promise.reject(new InterruptedError());
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.waiting.push({
      call,
      done: resolve,
      failed: reject,
      interrupted: () => reject(new InterruptedError()),
    });
    this.wake();
    return promise;
  }

  take(): Work | undefined {
    return this.waiting.shift();
  }

  dueMs(nowMs: number): number | undefined {
    return this.waiting.length ? nowMs : undefined;
  }

  close(): void {
    this.closed = true;
    for (const work of this.waiting.splice(0)) work.interrupted?.();
  }
}
