import { createHash } from "node:crypto";
import type { SQSEvent } from "aws-lambda";
import type { QueueWiring } from "../wiring.ts";
import type { Source, Work } from "./dispatch.ts";
import { failuresOf, REPORTED, sentence } from "./outcome.ts";
import { type Message, Queue } from "./queue.ts";
import { Store } from "./store.ts";
import type { Call } from "./worker-process.ts";

export interface QueueSourceOptions {
  name: string;
  wiring: QueueWiring;
  store: Store;
  region: string;
  /** How long a message stays hidden after its n-th failure. */
  failureBackoffMs(failures: number): number;
  callOf(payload: unknown): Call;
  wake(): void;
  onLog(name: string, line: string): void;
}

/** A durable queue and its subscriber: batches, partial failures, dead letters, bounded concurrency. */
export class QueueSource implements Source {
  private readonly options: QueueSourceOptions;
  private readonly queue: Queue;
  private running = 0;

  constructor(options: QueueSourceOptions) {
    this.options = options;
    this.queue = new Queue({
      visibilityTimeoutMs: options.wiring.visibilityTimeoutSeconds * 1000,
      maxReceiveCount: options.wiring.maxReceiveCount,
      failureBackoffMs: options.failureBackoffMs,
    });
  }

  /**
   * Takes up what the last run left, visible at once: its receivers died with it. Only receipts that ended
   * in a failure were kept, so that a message is not given up because the machine went down three times.
   */
  async load(): Promise<void> {
    const messages = await this.options.store.under<Message>(
      Store.key.message(this.options.name, ""),
    );
    for (const message of messages) this.queue.add({ ...message, visibleMs: 0 });
  }

  /** On the disk when this resolves. */
  async send(body: string): Promise<void> {
    const message = fresh(body);
    await this.options.store.write({ put: [[this.key(message.id), message]] });
    this.adopt(message);
  }

  /** A message that was written to the store by somebody else. */
  adopt(message: Message): void {
    this.queue.add(message);
    this.options.wake();
  }

  take(nowMs: number): Work | undefined {
    const { subscriber } = this.options.wiring;
    if (this.running >= subscriber.maximumConcurrency) return undefined;
    const { received, dead } = this.queue.receive(subscriber.batchSize, nowMs);
    for (const message of dead) this.bury(message).catch(() => this.queue.add(message));
    if (!received.length) return undefined;
    this.running += 1;
    const settle = async (failed: (message: Message) => Error | undefined) => {
      this.running -= 1;
      for (const message of received) await this.settle(message, failed(message));
    };
    return {
      call: this.options.callOf(this.eventOf(received)),
      done: (result) => {
        const failures = failuresOf(
          result,
          received.map(({ id }) => id),
        );
        return settle(({ id }) => (failures.has(id) ? REPORTED : undefined));
      },
      failed: (error) => settle(() => error),
    };
  }

  dueMs(nowMs: number): number | undefined {
    if (this.running >= this.options.wiring.subscriber.maximumConcurrency) return undefined;
    return this.queue.nextVisibleMs(nowMs);
  }

  private async settle({ id, receiveCount }: Message, error: Error | undefined): Promise<void> {
    if (!error) {
      // Not synced: what a loss of power brings back is handled once more, as in AWS.
      if (this.queue.remove(id, receiveCount)) await this.options.store.forget(this.key(id));
      return;
    }
    const message = this.queue.fail(id, receiveCount, sentence(error), Date.now());
    if (!message) return;
    if (receiveCount < this.options.wiring.maxReceiveCount) {
      await this.options.store.note(this.key(id), message);
      return;
    }
    await this.bury(message);
    this.queue.remove(id, receiveCount);
  }

  private async bury(message: Message): Promise<void> {
    const { name, wiring, store, onLog } = this.options;
    const error = message.error ?? "Its receivers vanished.";
    await store.bury(this.key(message.id), {
      id: message.id,
      queue: wiring.deadLetter,
      origin: { kind: "queue", queue: name },
      payload: message.body,
      error,
      attempts: message.receiveCount,
      time: new Date().toISOString(),
    });
    onLog(
      name,
      `Given up after ${message.receiveCount} attempts, now in ${wiring.deadLetter}: ${error}`,
    );
  }

  private key(id: string): string {
    return Store.key.message(this.options.name, id);
  }

  private eventOf(messages: Message[]): SQSEvent {
    const { name, region } = this.options;
    return {
      Records: messages.map((message) => ({
        messageId: message.id,
        receiptHandle: `${message.id}#${message.receiveCount}`,
        body: message.body,
        attributes: {
          ApproximateReceiveCount: String(message.receiveCount),
          SentTimestamp: String(message.sentMs),
          SenderId: "local",
          ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs ?? message.sentMs),
        },
        messageAttributes: {},
        md5OfBody: createHash("md5").update(message.body).digest("hex"),
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:${region}:000000000000:${name}`,
        awsRegion: region,
      })),
    };
  }
}

export const fresh = (body: string): Message => ({
  id: Store.id(),
  body,
  sentMs: Date.now(),
  receiveCount: 0,
  visibleMs: 0,
});
