/** Asynchronous invocations: one try and two retries, then the function's dead-letter queue. */
import type { FunctionWiring } from "@rushes/core/wiring";
import { failureQueueOf } from "./functions.ts";
import { failedIds } from "./queues.ts";
import { type Invocation, RunnerStore } from "./store.ts";

const TRIES = 3;
/** How many asynchronous events of one function run at the same time. */
const CONCURRENCY = 2;

export interface InvocationsOptions {
  store: RunnerStore;
  functions: Record<string, FunctionWiring>;
  retryDelayMs(attempts: number): number;
  run(name: string, payload: unknown): Promise<unknown>;
}

export class Invocations {
  readonly #options: InvocationsOptions;
  readonly #waiting = new Map<string, Invocation>();
  readonly #running = new Map<string, string>();
  readonly #busy = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: InvocationsOptions) {
    this.#options = options;
  }

  /** Loads the events of the previous process. Those that were running run again. */
  async load(): Promise<void> {
    for (const one of await this.#options.store.listByPrefix<Invocation>(
      RunnerStore.key.invocation(""),
    )) {
      this.#waiting.set(one.id, one);
    }
    this.#poll();
  }

  /** All events are on disk when this resolves. If it throws, none is. */
  async add(calls: { function: string; payload: unknown }[]): Promise<void> {
    if (calls.length === 0) return;
    const added = calls.map((call): Invocation => {
      if (!this.#options.functions[call.function]) {
        throw new Error(`There is no function "${call.function}".`);
      }
      return { id: RunnerStore.id(), ...call, attempts: 0, notBeforeMs: 0 };
    });
    await this.#options.store.write({
      put: added.map((one) => [RunnerStore.key.invocation(one.id), one]),
    });
    for (const one of added) this.#waiting.set(one.id, one);
    this.#poll();
  }

  /** True while an event of this function waits or runs. */
  isBusy(name: string): boolean {
    if ([...this.#running.values()].includes(name)) return true;
    return [...this.#waiting.values()].some((one) => one.function === name);
  }

  #poll(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const now = Date.now();
    let next: number | undefined;
    for (const one of this.#waiting.values()) {
      const active = [...this.#running.values()].filter((name) => name === one.function).length;
      if (active >= CONCURRENCY) continue;
      if (one.notBeforeMs > now) {
        next = Math.min(next ?? one.notBeforeMs, one.notBeforeMs);
        continue;
      }
      this.#waiting.delete(one.id);
      this.#running.set(one.id, one.function);
      const work = this.#attempt(one)
        .catch((error) => {
          process.stderr.write(`invocations: ${String(error)}\n`);
        })
        .finally(() => {
          this.#busy.delete(work);
          this.#running.delete(one.id);
          this.#poll();
        });
      this.#busy.add(work);
    }
    if (next !== undefined) this.#timer = setTimeout(() => this.#poll(), Math.max(1, next - now));
  }

  async #attempt(one: Invocation): Promise<void> {
    const { store, run, retryDelayMs } = this.#options;
    const key = RunnerStore.key.invocation(one.id);
    try {
      const result = await run(one.function, one.payload);
      // The handler reports the failure of a redriven stream record; it does not throw.
      if (failedIds(result, [""]).size > 0)
        throw new Error("The handler reported a failed record.");
      await store.write({ remove: [key] });
    } catch (thrown) {
      // Closing stops the handler, which does not count as a failure of the event.
      if (this.#closed) return;
      const attempts = one.attempts + 1;
      const error = String(thrown);
      if (attempts >= TRIES) return this.#moveToDlq({ ...one, attempts, error });
      const notBeforeMs = Date.now() + retryDelayMs(attempts);
      const retry: Invocation = { ...one, attempts, notBeforeMs, error };
      await store.write({ put: [[key, retry]] });
      this.#waiting.set(one.id, retry);
    }
  }

  #moveToDlq({ id, function: name, payload, error = "", attempts }: Invocation): Promise<void> {
    const { store, functions } = this.#options;
    const queue = failureQueueOf(functions, name);
    const origin = { kind: "function", function: name } as const;
    return store.moveToDlq(
      [{ id, queue, origin, payload, error, attempts }],
      [RunnerStore.key.invocation(id)],
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#busy);
  }
}
