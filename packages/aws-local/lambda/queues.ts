/** The durable queues: sends, hands batches to their function, and moves what keeps failing aside. */
import type { QueueWiring } from "@rushes/core/wiring";
import { type Message, Queue } from "./queue.ts";
import { type DeadLetter, Store } from "./store.ts";

export interface QueuesOptions {
  store: Store;
  wiring: Record<string, QueueWiring>;
  region: string;
  failureBackoffMs(receiveCount: number): number;
  /** Runs the subscriber; resolves with what the handler answered. */
  run(name: string, event: unknown): Promise<unknown>;
}

interface Open {
  wiring: QueueWiring;
  queue: Queue;
  running: number;
  timer?: NodeJS.Timeout;
}

/** The ids of a batch that its handler reports as failed; a malformed answer fails them all, as on AWS. */
export function failedIds(answer: unknown, all: string[]): Set<string> {
  if (typeof answer !== "object" || answer === null) return new Set();
  if (!("batchItemFailures" in answer) || answer.batchItemFailures == null) return new Set();
  if (!Array.isArray(answer.batchItemFailures)) return new Set(all);
  const failed = new Set<string>();
  for (const failure of answer.batchItemFailures) {
    const id: unknown = failure?.itemIdentifier;
    if (typeof id !== "string" || !all.includes(id)) return new Set(all);
    failed.add(id);
  }
  return failed;
}

export class Queues {
  private readonly options: QueuesOptions;
  private readonly open = new Map<string, Open>();
  private readonly busy = new Set<Promise<void>>();
  private closed = false;

  constructor(options: QueuesOptions) {
    this.options = options;
    for (const [name, wiring] of Object.entries(options.wiring)) {
      const queue = new Queue({
        visibilityTimeoutMs: wiring.visibilityTimeoutSeconds * 1000,
        maxReceiveCount: wiring.maxReceiveCount,
        failureBackoffMs: options.failureBackoffMs,
      });
      this.open.set(name, { wiring, queue, running: 0 });
    }
  }

  /** Loads what an earlier process left. Its receivers died with it, so everything is visible. */
  async load(): Promise<void> {
    for (const [name, { queue }] of this.open) {
      for (const message of await this.options.store.under<Message>(Store.key.message(name, ""))) {
        queue.add({ ...message, visibleMs: 0 });
      }
      this.pump(name);
    }
  }

  /** On the disk when this resolves. Throws where there is no such queue. */
  async send(name: string, body: string): Promise<void> {
    const open = this.of(name);
    const now = Date.now();
    const message: Message = {
      id: Store.id(),
      body,
      sentMs: now,
      receiveCount: 0,
      visibleMs: now,
    };
    await this.options.store.write({ put: [[Store.key.message(name, message.id), message]] });
    open.queue.add(message);
    this.pump(name);
  }

  private of(name: string): Open {
    const open = this.open.get(name);
    if (!open) throw new Error(`There is no queue "${name}".`);
    return open;
  }

  private pump(name: string): void {
    const open = this.of(name);
    clearTimeout(open.timer);
    while (!this.closed && open.running < open.wiring.subscriber.maximumConcurrency) {
      const { received, dead } = open.queue.receive(open.wiring.subscriber.batchSize, Date.now());
      if (dead.length) this.track(this.bury(name, open.wiring, dead));
      if (received.length === 0) break;
      open.running += 1;
      this.track(
        this.handle(name, open, received).finally(() => {
          open.running -= 1;
          this.pump(name);
        }),
      );
    }
    const next = open.queue.nextVisibleMs();
    if (this.closed || next === undefined) return;
    if (open.running >= open.wiring.subscriber.maximumConcurrency) return;
    open.timer = setTimeout(() => this.pump(name), Math.max(1, next - Date.now()));
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => {
        process.stderr.write(`queues: ${String(error)}\n`);
      })
      .finally(() => {
        this.busy.delete(tracked);
      });
    this.busy.add(tracked);
  }

  private async handle(name: string, open: Open, messages: Message[]): Promise<void> {
    // A receipt is written down when it fails, not when it begins: a worker's death counts as a
    // failure, while a message that was under way when the whole home ended did nothing wrong.
    const { store, run } = this.options;
    const ids = messages.map(({ id }) => id);
    let failed: Set<string>;
    let error = "The handler reported this message as failed.";
    try {
      const answer = await run(open.wiring.subscriber.function, this.event(name, messages));
      failed = failedIds(answer, ids);
    } catch (thrown) {
      // Closing kills the handler: that is no failure of the message, and the next start sees it anew.
      if (this.closed) return;
      failed = new Set(ids);
      error = String(thrown);
    }
    const handled = messages.filter(({ id }) => !failed.has(id));
    await store.write({ remove: handled.map(({ id }) => Store.key.message(name, id)) });
    for (const { id, receiveCount } of handled) open.queue.remove(id, receiveCount);
    for (const { id, receiveCount } of messages.filter((message) => failed.has(message.id))) {
      const state = open.queue.fail(id, receiveCount, error, Date.now());
      if (state) await store.note(Store.key.message(name, id), state);
    }
  }

  private async bury(name: string, wiring: QueueWiring, messages: Message[]): Promise<void> {
    const letters = messages.map((message): [string, DeadLetter] => [
      Store.key.dead(wiring.deadLetter, message.id),
      {
        id: message.id,
        queue: wiring.deadLetter,
        origin: { kind: "queue", queue: name },
        payload: message.body,
        error: message.error ?? "Its receiver vanished.",
        attempts: message.receiveCount,
        time: new Date().toISOString(),
      },
    ]);
    await this.options.store.write({
      put: letters,
      remove: messages.map(({ id }) => Store.key.message(name, id)),
    });
  }

  /** Lambda's event for messages of SQS. */
  private event(name: string, messages: Message[]) {
    const { region } = this.options;
    return {
      Records: messages.map((message) => ({
        messageId: message.id,
        receiptHandle: `${message.id}#${message.receiveCount}`,
        body: message.body,
        attributes: {
          ApproximateReceiveCount: String(message.receiveCount),
          SentTimestamp: String(message.sentMs),
          SenderId: "000000000000",
          ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs ?? message.sentMs),
        },
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:${region}:000000000000:${name}`,
        awsRegion: region,
      })),
    };
  }

  /** How many messages may be handed out now, and how many are with a receiver or wait after a failure. */
  count(name: string): { visible: number; hidden: number } {
    return this.of(name).queue.count(Date.now());
  }

  /** No new batch starts; resolves when those under way have been written off. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { timer } of this.open.values()) clearTimeout(timer);
    await Promise.all(this.busy);
  }
}
