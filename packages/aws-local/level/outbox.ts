/**
 * Delivers events that were stored with the change that they report (the transactional outbox). An event is
 * removed after its delivery: it arrives at least once, and in order within its group.
 */
import { setTimeout as delay } from "node:timers/promises";

const FIRST_RETRY_MS = 100;
const CLOSE_MS = 3_000;

interface OutboxOptions<Event> {
  /** Reads a stored event by its id. */
  load(id: string): Promise<Event | undefined>;
  /** Delivers an event; it is tried again until this resolves. */
  deliver(event: Event): Promise<void>;
  /** Removes a delivered event. Need not be durable: after a power cut the event may arrive twice. */
  remove(id: string): Promise<void>;
  /** The groups that are delivered at the same time. */
  concurrency: number;
  maxRetryMs: number;
  onError(error: unknown, retryMs: number): void;
}

export class Outbox<Event> {
  readonly #options: OutboxOptions<Event>;
  /** Ids of stored events by their group, in order. */
  readonly #pending = new Map<string, string[]>();
  readonly #ready: string[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: OutboxOptions<Event>) {
    this.#options = options;
  }

  /** Delivers a stored event after those of its group that were added before. */
  add(group: string, id: string): void {
    const ids = this.#pending.get(group);
    if (ids) {
      ids.push(id);
      return;
    }
    this.#pending.set(group, [id]);
    this.#ready.push(group);
    this.#startMore();
  }

  /** Waits for the deliveries under way, for three seconds at most; the rest stays for the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    // A receiver that does not respond must not delay the stop; its event stays stored.
    const timeout = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
    await Promise.race([Promise.all(this.#running), timeout]);
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #startMore(): void {
    while (!this.#isClosed && this.#running.size < this.#options.concurrency) {
      const group = this.#ready.shift();
      if (group === undefined) return;
      const run = this.#deliverGroup(group).finally(() => {
        this.#running.delete(run);
        this.#startMore();
      });
      this.#running.add(run);
    }
  }

  async #deliverGroup(group: string): Promise<void> {
    const { load, deliver, remove, maxRetryMs, onError } = this.#options;
    const ids = this.#pending.get(group) ?? [];
    let retryMs = FIRST_RETRY_MS;
    for (let id = ids[0]; id !== undefined && !this.#isClosed; id = ids[0]) {
      try {
        const event = await load(id);
        if (event !== undefined) await deliver(event);
        await remove(id);
        ids.shift();
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        onError(error, retryMs);
        await delay(retryMs, undefined, { signal: this.#closing.signal }).catch(() => {});
        retryMs = Math.min(retryMs * 2, maxRetryMs);
      }
    }
    if (ids.length === 0) this.#pending.delete(group);
  }
}
