/**
 * One queue's messages and who may see them when: SQS's visibility timeout and redrive policy as a
 * state machine in memory. The clock comes from outside and `store.ts` keeps the messages durable.
 */
export interface Message {
  id: string;
  body: string;
  sentMs: number;
  /** How often it was handed out. */
  receiveCount: number;
  firstReceivedMs?: number;
  /** Not handed out before this moment. */
  visibleMs: number;
  /** What the last receiver that failed said. */
  error?: string;
}

export interface QueueRules {
  visibilityTimeoutMs: number;
  maxReceiveCount: number;
  /** How long a message stays hidden after its n-th receipt was reported as failed. */
  failureBackoffMs(receiveCount: number): number;
}

export class Queue {
  private readonly messages = new Map<string, Message>();
  private readonly rules: QueueRules;

  constructor(rules: QueueRules) {
    this.rules = rules;
  }

  /** Puts a message in, or back in after a restart. */
  add(message: Message): void {
    this.messages.set(message.id, { ...message });
  }

  get size(): number {
    return this.messages.size;
  }

  /**
   * Hands out up to `limit` visible messages, oldest first, each hidden for the visibility timeout.
   * What was handed out too often already comes back as `dead` and leaves the queue.
   */
  receive(limit: number, nowMs: number): { received: Message[]; dead: Message[] } {
    const received: Message[] = [];
    const dead: Message[] = [];
    for (const message of this.messages.values()) {
      if (received.length >= limit) break;
      if (message.visibleMs > nowMs) continue;
      if (message.receiveCount >= this.rules.maxReceiveCount) {
        this.messages.delete(message.id);
        dead.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedMs ??= nowMs;
      message.visibleMs = nowMs + this.rules.visibilityTimeoutMs;
      received.push({ ...message });
    }
    return { received, dead };
  }

  /** Takes a handled message out. `receiveCount` is the receipt: a later receiver's is left alone. */
  remove(id: string, receiveCount: number): boolean {
    if (this.messages.get(id)?.receiveCount !== receiveCount) return false;
    return this.messages.delete(id);
  }

  /** Shows a message again after a failure; answers its new state, or nothing for an old receipt. */
  fail(id: string, receiveCount: number, error: string, nowMs: number): Message | undefined {
    const message = this.messages.get(id);
    if (message?.receiveCount !== receiveCount) return undefined;
    message.visibleMs = nowMs + this.rules.failureBackoffMs(receiveCount);
    message.error = error;
    return { ...message };
  }

  count(nowMs: number): { visible: number; hidden: number } {
    const hidden = [...this.messages.values()].filter(({ visibleMs }) => visibleMs > nowMs).length;
    return { visible: this.messages.size - hidden, hidden };
  }

  /** When the next message becomes visible, for a timer; nothing when the queue is empty. */
  nextVisibleMs(): number | undefined {
    let next: number | undefined;
    for (const { visibleMs } of this.messages.values()) {
      if (next === undefined || visibleMs < next) next = visibleMs;
    }
    return next;
  }
}
