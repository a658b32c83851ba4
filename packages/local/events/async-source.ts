import type { Source, Work } from "./dispatch.ts";
import { failuresOf, REPORTED, sentence } from "./outcome.ts";
import { type Invocation, Store } from "./store.ts";
import type { Call } from "./worker-process.ts";

/** As in AWS: the first try and two more. */
const ATTEMPTS = 3;
/** AWS has no such limit; here the workers are few and shared. */
const CONCURRENCY = 2;

export interface AsyncSourceOptions {
  function: string;
  /** Dead-letter queue; without one a failed event is gone, as in AWS. */
  onFailure?: string;
  store: Store;
  /** The pause after the n-th failure. */
  retryBackoffMs(failures: number): number;
  callOf(payload: unknown): Call;
  wake(): void;
  onLog(name: string, line: string): void;
}

/** One function's asynchronous invocations. */
export class AsyncSource implements Source {
  private readonly options: AsyncSourceOptions;
  private readonly waiting = new Map<string, Invocation>();
  private readonly running = new Set<Invocation>();

  constructor(options: AsyncSourceOptions) {
    this.options = options;
  }

  /** Takes an invocation that is in the store already. */
  adopt(invocation: Invocation): void {
    this.waiting.set(invocation.id, invocation);
    this.options.wake();
  }

  /** True while an invocation that `from` caused has neither succeeded nor been given up. */
  isPending(from: string): boolean {
    return [...this.waiting.values(), ...this.running].some((one) => one.from === from);
  }

  take(nowMs: number): Work | undefined {
    if (this.running.size >= CONCURRENCY) return undefined;
    for (const invocation of this.waiting.values()) {
      if (invocation.notBeforeMs > nowMs) continue;
      this.waiting.delete(invocation.id);
      this.running.add(invocation);
      return {
        call: this.options.callOf(invocation.payload),
        done: (result) => this.settle(invocation, reportedBy(invocation, result)),
        failed: (error) => this.settle(invocation, error),
      };
    }
    return undefined;
  }

  dueMs(): number | undefined {
    if (this.running.size >= CONCURRENCY) return undefined;
    let due: number | undefined;
    for (const { notBeforeMs } of this.waiting.values()) {
      if (due === undefined || notBeforeMs < due) due = notBeforeMs;
      if (due === 0) break;
    }
    return due;
  }

  private async settle(invocation: Invocation, error: Error | undefined): Promise<void> {
    const { store } = this.options;
    const key = Store.key.invocation(invocation.id);
    this.running.delete(invocation);
    if (!error) {
      await store.forget(key);
      return;
    }
    const attempts = invocation.attempts + 1;
    const next: Invocation = {
      ...invocation,
      attempts,
      error: sentence(error),
      notBeforeMs: Date.now() + this.options.retryBackoffMs(attempts),
    };
    if (attempts >= ATTEMPTS) {
      await this.giveUp(next).catch((reason) => {
        // It could not be written down, so it is not given up.
        this.adopt(next);
        throw reason;
      });
      return;
    }
    this.adopt(next);
    await store.note(key, next);
  }

  private async giveUp(invocation: Invocation): Promise<void> {
    const { function: name, onFailure, store, onLog } = this.options;
    const { id, payload, attempts, error = "", stream } = invocation;
    const key = Store.key.invocation(id);
    onLog(name, `Given up after ${attempts} attempts, now in ${onFailure ?? "no queue"}: ${error}`);
    if (!onFailure) return store.forget(key);
    await store.bury(key, {
      id,
      queue: onFailure,
      origin: stream
        ? { kind: "stream", stream, function: name }
        : { kind: "function", function: name },
      payload,
      error,
      attempts,
      time: new Date().toISOString(),
    });
  }
}

/** A stream's record that is sent again is still a batch of one: its handler reports, it does not throw. */
function reportedBy({ stream, id }: Invocation, result: unknown): Error | undefined {
  return stream && failuresOf(result, [id]).size > 0 ? REPORTED : undefined;
}
