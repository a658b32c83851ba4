/** The durable queues. They invoke their functions with batches and move failing messages to the DLQ. */
import type { QueueWiring } from "@rushes/core/wiring";
import { sqsEvent } from "./envelope.ts";
import { type Message, MessageQueue } from "./queue.ts";
import { RunnerStore } from "./store.ts";

export interface QueuesOptions {
  store: RunnerStore;
  wiring: Record<string, QueueWiring>;
  region: string;
  failureBackoffMs(receiveCount: number): number;
  /** Runs the subscriber and returns the handler's result. */
  run(name: string, event: unknown): Promise<unknown>;
}

interface EventSource {
  wiring: QueueWiring;
  queue: MessageQueue;
  running: number;
  timer?: NodeJS.Timeout;
}

/** The ids of a batch that the handler reports as failed. A malformed result fails all, as on AWS. */
export function failedIds(result: unknown, all: string[]): Set<string> {
  if (typeof result !== "object" || result === null) return new Set();
  if (!("batchItemFailures" in result) || result.batchItemFailures == null) return new Set();
  if (!Array.isArray(result.batchItemFailures)) return new Set(all);
  const failed = new Set<string>();
  for (const failure of result.batchItemFailures) {
    const id: unknown = failure?.itemIdentifier;
    if (typeof id !== "string" || !all.includes(id)) return new Set(all);
    failed.add(id);
  }
  return failed;
}

export class Queues {
  readonly #options: QueuesOptions;
  readonly #sources = new Map<string, EventSource>();
  readonly #busy = new Set<Promise<void>>();
  #closed = false;

  constructor(options: QueuesOptions) {
    this.#options = options;
    for (const [name, wiring] of Object.entries(options.wiring)) {
      const queue = new MessageQueue({
        visibilityTimeoutMs: wiring.visibilityTimeoutSeconds * 1000,
        maxReceiveCount: wiring.maxReceiveCount,
        failureBackoffMs: options.failureBackoffMs,
      });
      this.#sources.set(name, { wiring, queue, running: 0 });
    }
  }

  /** Loads the messages of the previous process. Its receivers are gone, so all are visible. */
  async load(): Promise<void> {
    for (const [name, { queue }] of this.#sources) {
      for (const message of await this.#options.store.listByPrefix<Message>(
        RunnerStore.key.message(name, ""),
      )) {
        queue.add({ ...message, visibleMs: 0 });
      }
      this.#poll(name);
    }
  }

  /** The message is on disk when this resolves. Throws if the queue does not exist. */
  async send(name: string, body: string): Promise<void> {
    const source = this.#sourceOf(name);
    const now = Date.now();
    const message: Message = {
      id: RunnerStore.id(),
      body,
      sentMs: now,
      receiveCount: 0,
      visibleMs: now,
    };
    await this.#options.store.write({
      put: [[RunnerStore.key.message(name, message.id), message]],
    });
    source.queue.add(message);
    this.#poll(name);
  }

  #sourceOf(name: string): EventSource {
    const source = this.#sources.get(name);
    if (!source) throw new Error(`There is no queue "${name}".`);
    return source;
  }

  #poll(name: string): void {
    const source = this.#sourceOf(name);
    clearTimeout(source.timer);
    while (!this.#closed && source.running < source.wiring.subscriber.maximumConcurrency) {
      const { received, dead } = source.queue.receive(
        source.wiring.subscriber.batchSize,
        Date.now(),
      );
      if (dead.length) this.#track(this.#moveToDlq(name, source.wiring, dead));
      if (received.length === 0) break;
      source.running += 1;
      this.#track(
        this.#handle(name, source, received).finally(() => {
          source.running -= 1;
          this.#poll(name);
        }),
      );
    }
    const next = source.queue.nextVisibleMs();
    if (this.#closed || next === undefined) return;
    if (source.running >= source.wiring.subscriber.maximumConcurrency) return;
    source.timer = setTimeout(() => this.#poll(name), Math.max(1, next - Date.now()));
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => {
        process.stderr.write(`queues: ${String(error)}\n`);
      })
      .finally(() => {
        this.#busy.delete(tracked);
      });
    this.#busy.add(tracked);
  }

  async #handle(name: string, source: EventSource, messages: Message[]): Promise<void> {
    // The receive count is stored when the receive fails, not when it begins. The exit of a worker is a
    // failure; the exit of the whole local stack is not.
    const { store, run, region } = this.#options;
    const ids = messages.map(({ id }) => id);
    let failed: Set<string>;
    let error = "The handler reported this message as failed.";
    try {
      const event = sqsEvent(name, region, messages);
      const result = await run(source.wiring.subscriber.function, event);
      failed = failedIds(result, ids);
    } catch (thrown) {
      // Closing stops the handler, which does not count as a failure. The next start receives it again.
      if (this.#closed) return;
      failed = new Set(ids);
      error = String(thrown);
    }
    const handled = messages.filter(({ id }) => !failed.has(id));
    await store.write({ remove: handled.map(({ id }) => RunnerStore.key.message(name, id)) });
    for (const { id, receiveCount } of handled) source.queue.remove(id, receiveCount);
    for (const { id, receiveCount } of messages.filter((message) => failed.has(message.id))) {
      const state = source.queue.fail(id, receiveCount, error, Date.now());
      if (state) await store.putUnsynced(RunnerStore.key.message(name, id), state);
    }
  }

  #moveToDlq(name: string, { deadLetter }: QueueWiring, messages: Message[]): Promise<void> {
    return this.#options.store.moveToDlq(
      messages.map((message) => ({
        id: message.id,
        queue: deadLetter,
        origin: { kind: "queue", queue: name },
        payload: message.body,
        error: message.error ?? "The receiver ended without a result.",
        attempts: message.receiveCount,
      })),
      messages.map(({ id }) => RunnerStore.key.message(name, id)),
    );
  }

  /** Counts visible messages, and hidden ones: received, or waiting after a failure. */
  count(name: string): { visible: number; hidden: number } {
    return this.#sourceOf(name).queue.count(Date.now());
  }

  /** Starts no more batches. Resolves when the results of the running ones are stored. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer } of this.#sources.values()) clearTimeout(timer);
    await Promise.all(this.#busy);
  }
}
