/**
 * One queue's messages in memory: SQS's visibility timeout and redrive policy as a state machine.
 * The caller passes the time, and `store.ts` stores the messages.
 */
export interface Message {
  id: string;
  body: string;
  sentMs: number;
  /** How often it was received. */
  receiveCount: number;
  firstReceivedMs?: number;
  /** It cannot be received before this time. */
  visibleMs: number;
  /** The error of the last failed receive. */
  error?: string;
}

export interface RedriveRules {
  visibilityTimeoutMs: number;
  maxReceiveCount: number;
  /** How long a message stays hidden after its n-th receive failed. */
  failureBackoffMs(receiveCount: number): number;
}

export class MessageQueue {
  readonly #messages = new Map<string, Message>();
  readonly #rules: RedriveRules;

  constructor(rules: RedriveRules) {
    this.#rules = rules;
  }

  /** Adds a message: a new one, or a stored one after a restart. */
  add(message: Message): void {
    this.#messages.set(message.id, { ...message });
  }

  get size(): number {
    return this.#messages.size;
  }

  /**
   * Receives up to `limit` visible messages, oldest first, and hides them for the visibility timeout.
   * Messages that reached the maximum receive count are returned as `dead` and leave the queue.
   */
  receive(limit: number, nowMs: number): { received: Message[]; dead: Message[] } {
    const received: Message[] = [];
    const dead: Message[] = [];
    for (const message of this.#messages.values()) {
      if (received.length >= limit) break;
      if (message.visibleMs > nowMs) continue;
      if (message.receiveCount >= this.#rules.maxReceiveCount) {
        this.#messages.delete(message.id);
        dead.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedMs ??= nowMs;
      message.visibleMs = nowMs + this.#rules.visibilityTimeoutMs;
      received.push({ ...message });
    }
    return { received, dead };
  }

  /** Removes a handled message. `receiveCount` is the receipt: false if it was received again since. */
  remove(id: string, receiveCount: number): boolean {
    if (this.#messages.get(id)?.receiveCount !== receiveCount) return false;
    return this.#messages.delete(id);
  }

  /** Schedules a retry after a failure. Returns the new state, or undefined for an old receipt. */
  fail(id: string, receiveCount: number, error: string, nowMs: number): Message | undefined {
    const message = this.#messages.get(id);
    if (message?.receiveCount !== receiveCount) return undefined;
    message.visibleMs = nowMs + this.#rules.failureBackoffMs(receiveCount);
    message.error = error;
    return { ...message };
  }

  count(nowMs: number): { visible: number; hidden: number } {
    const hidden = [...this.#messages.values()].filter(({ visibleMs }) => visibleMs > nowMs).length;
    return { visible: this.#messages.size - hidden, hidden };
  }

  /** When the next message becomes visible; undefined if the queue is empty. */
  nextVisibleMs(): number | undefined {
    let next: number | undefined;
    for (const { visibleMs } of this.#messages.values()) {
      if (next === undefined || visibleMs < next) next = visibleMs;
    }
    return next;
  }
}
