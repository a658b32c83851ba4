import { setTimeout as delay } from "node:timers/promises";
import type { BusEvent } from "./events.ts";
import type { Store } from "./store.ts";

/** Sends the store's events, one after another, each until it was taken. At least once. */
export class Outbox {
  readonly #store: Store;
  readonly #emit: (event: BusEvent) => Promise<void>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(store: Store, emit: (event: BusEvent) => Promise<void>) {
    this.#store = store;
    this.#emit = emit;
  }

  /** Something may be waiting. Never rejects; the sending goes on by itself. */
  wake(): void {
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#again && !this.#stop.signal.aborted) this.wake();
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Ends when nothing is left to send. A database that fails, as on a full disk, is tried again. */
  async #drain(): Promise<void> {
    const { signal } = this.#stop;
    for (let pauseMs = 50; !signal.aborted; pauseMs = Math.min(5000, pauseMs * 2)) {
      try {
        return await this.#sendAll();
      } catch (error) {
        console.error("mediaconvert: the events of jobs could not be read or removed:", error);
        await delay(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #sendAll(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#again = false;
      const pending = await this.#store.pending();
      if (pending.length === 0) return;
      for (const { key, event } of pending) {
        for (let pauseMs = 50; !(await this.#send(event)); pauseMs = Math.min(5000, pauseMs * 2)) {
          await delay(pauseMs, undefined, { signal }).catch(() => {});
          if (signal.aborted) return;
        }
        await this.#store.sent(key);
        if (signal.aborted) return;
      }
    }
  }

  async #send(event: BusEvent): Promise<boolean> {
    try {
      await this.#emit(event);
      return true;
    } catch {
      // The bus is not there, for instance while it stops: the event stays, and is sent again.
      return false;
    }
  }
}
