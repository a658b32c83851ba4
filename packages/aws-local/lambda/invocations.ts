/** Asynchronous invocations: one try and two retries, then the function's dead-letter queue. */
import type { FunctionWiring } from "@rushes/core/wiring";
import { failedIds } from "./queues.ts";
import { type DeadLetter, type Invocation, Store } from "./store.ts";

const TRIES = 3;
/** At most so many asynchronous events of one function at once. */
const CONCURRENCY = 2;

export interface InvocationsOptions {
  store: Store;
  functions: Record<string, FunctionWiring>;
  retryDelayMs(attempts: number): number;
  run(name: string, payload: unknown): Promise<unknown>;
}

export class Invocations {
  private readonly options: InvocationsOptions;
  private readonly waiting = new Map<string, Invocation>();
  private readonly running = new Map<string, string>();
  private readonly busy = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: InvocationsOptions) {
    this.options = options;
  }

  /** Loads what an earlier process left; what it was running runs again. */
  async load(): Promise<void> {
    for (const one of await this.options.store.under<Invocation>(Store.key.invocation(""))) {
      this.waiting.set(one.id, one);
    }
    this.pump();
  }

  /** On the disk, all or none, when this resolves. Throws where there is no such function. */
  async add(calls: { function: string; payload: unknown }[]): Promise<void> {
    if (calls.length === 0) return;
    const made = calls.map((call): Invocation => {
      if (!this.options.functions[call.function]) {
        throw new Error(`There is no function "${call.function}".`);
      }
      return { id: Store.id(), ...call, attempts: 0, notBeforeMs: 0 };
    });
    await this.options.store.write({ put: made.map((one) => [Store.key.invocation(one.id), one]) });
    for (const one of made) this.waiting.set(one.id, one);
    this.pump();
  }

  /** True while an event of this function waits or runs. */
  isBusy(name: string): boolean {
    if ([...this.running.values()].includes(name)) return true;
    return [...this.waiting.values()].some((one) => one.function === name);
  }

  private pump(): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    const now = Date.now();
    let next: number | undefined;
    for (const one of this.waiting.values()) {
      const active = [...this.running.values()].filter((name) => name === one.function).length;
      if (active >= CONCURRENCY) continue;
      if (one.notBeforeMs > now) {
        next = Math.min(next ?? one.notBeforeMs, one.notBeforeMs);
        continue;
      }
      this.waiting.delete(one.id);
      this.running.set(one.id, one.function);
      const work = this.attempt(one)
        .catch((error) => {
          process.stderr.write(`invocations: ${String(error)}\n`);
        })
        .finally(() => {
          this.busy.delete(work);
          this.running.delete(one.id);
          this.pump();
        });
      this.busy.add(work);
    }
    if (next !== undefined) this.timer = setTimeout(() => this.pump(), Math.max(1, next - now));
  }

  private async attempt(one: Invocation): Promise<void> {
    const { store, run, retryDelayMs } = this.options;
    const key = Store.key.invocation(one.id);
    try {
      const answer = await run(one.function, one.payload);
      // A stream's record that is sent again here is reported, not thrown, where it fails again.
      if (failedIds(answer, [""]).size > 0)
        throw new Error("The handler reported a failed record.");
      await store.write({ remove: [key] });
    } catch (thrown) {
      // Closing kills the handler: that is no failure of the event.
      if (this.closed) return;
      const attempts = one.attempts + 1;
      const error = String(thrown);
      if (attempts >= TRIES) return this.bury({ ...one, attempts, error });
      const notBeforeMs = Date.now() + retryDelayMs(attempts);
      const again: Invocation = { ...one, attempts, notBeforeMs, error };
      await store.write({ put: [[key, again]] });
      this.waiting.set(one.id, again);
    }
  }

  private async bury(one: Invocation): Promise<void> {
    const queue = this.options.functions[one.function]?.onFailure ?? `${one.function}-dead`;
    const letter: DeadLetter = {
      id: one.id,
      queue,
      origin: { kind: "function", function: one.function },
      payload: one.payload,
      error: one.error ?? "",
      attempts: one.attempts,
      time: new Date().toISOString(),
    };
    await this.options.store.write({
      put: [[Store.key.dead(queue, one.id), letter]],
      remove: [Store.key.invocation(one.id)],
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await Promise.all(this.busy);
  }
}
