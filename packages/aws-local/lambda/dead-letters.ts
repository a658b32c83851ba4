import type { Invocations } from "./invocations.ts";
import type { Queues } from "./queues.ts";
import { type DeadLetter, RunnerStore } from "./store.ts";

/** A dead-letter message that a client has received. */
export interface ReceivedDeadLetter {
  deadLetter: DeadLetter;
  /** Identifies this receive; the next one has another receipt. */
  receipt: string;
  /** How often it was received as a dead-letter message. */
  receives: number;
  firstReceivedMs: number;
}

type ReceiveState = Omit<ReceivedDeadLetter, "deadLetter"> & { visibleMs: number };

export interface DeadLettersOptions {
  store: RunnerStore;
  queues: Pick<Queues, "send">;
  invocations: Pick<Invocations, "add">;
}

/** The dead-letter queues. Receives are kept in memory only: a restart makes every message visible. */
export class DeadLetters {
  readonly #options: DeadLettersOptions;
  readonly #receives = new Map<string, ReceiveState>();

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** Oldest first. Without a name, lists the messages of all queues. */
  list(queue?: string): Promise<DeadLetter[]> {
    return this.#options.store.listByPrefix<DeadLetter>(
      queue === undefined
        ? RunnerStore.key.dead("", "").slice(0, -1)
        : RunnerStore.key.dead(queue, ""),
    );
  }

  async count(queue: string): Promise<{ visible: number; hidden: number }> {
    const all = await this.list(queue);
    const hidden = all.filter(({ id }) => this.#isHidden(id, Date.now())).length;
    return { visible: all.length - hidden, hidden };
  }

  async receive(queue: string, limit: number, visibilityMs: number): Promise<ReceivedDeadLetter[]> {
    const all = await this.list(queue);
    // No await below: two receivers at the same time never get the same message.
    const now = Date.now();
    return all
      .filter(({ id }) => !this.#isHidden(id, now))
      .slice(0, limit)
      .map((deadLetter) => {
        const earlier = this.#receives.get(deadLetter.id);
        const receives = (earlier?.receives ?? 0) + 1;
        const receipt = Buffer.from(`${deadLetter.id}#${receives}`).toString("base64url");
        const firstReceivedMs = earlier?.firstReceivedMs ?? now;
        const received = { receipt, receives, firstReceivedMs };
        this.#receives.set(deadLetter.id, { ...received, visibleMs: now + visibilityMs });
        return { deadLetter, ...received };
      });
  }

  /** Changes how long a received message stays hidden; 0 shows it again. False if the receipt is old or has expired. */
  async hide(queue: string, receipt: string, forMs: number): Promise<boolean> {
    const id = idOf(receipt);
    const state = this.#receives.get(id);
    const now = Date.now();
    if (state?.receipt !== receipt || state.visibleMs <= now) return false;
    const { store } = this.#options;
    if ((await store.get(RunnerStore.key.dead(queue, id))) === undefined) return false;
    state.visibleMs = now + forMs;
    return true;
  }

  /** Removes a received message. Does nothing if another receiver has it by now. */
  async remove(queue: string, receipt: string): Promise<void> {
    const id = idOf(receipt);
    if (this.#receives.get(id)?.receipt !== receipt) return;
    await this.#options.store.write({ remove: [RunnerStore.key.dead(queue, id)] });
    this.#receives.delete(id);
  }

  /** Sends messages back to their origin. Returns how many. */
  async redrive(queue?: string): Promise<number> {
    const { store, queues, invocations } = this.#options;
    const all = await this.list(queue);
    for (const { id, queue, origin, payload } of all) {
      // Sent before it is removed: a crash between the two sends it twice, which is safe.
      if (origin.kind === "queue") await queues.send(origin.queue, String(payload));
      else await invocations.add([{ function: origin.function, payload }]);
      await store.write({ remove: [RunnerStore.key.dead(queue, id)] });
    }
    return all.length;
  }

  #isHidden(id: string, now: number): boolean {
    return (this.#receives.get(id)?.visibleMs ?? 0) > now;
  }
}

const idOf = (receipt: string) =>
  Buffer.from(receipt, "base64url").toString("utf8").split("#")[0] ?? "";
