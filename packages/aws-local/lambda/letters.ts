/** Dead letters as a queue hands them out. Who holds one is known in memory only: a restart shows all. */
import { type DeadLetter, Store } from "./store.ts";

/** A letter in somebody's hands. */
export interface Held {
  letter: DeadLetter;
  /** Names this handing out; a later one has another. */
  receipt: string;
  /** How often it was handed out as a dead letter. */
  receives: number;
  firstReceivedMs: number;
}

type Hold = Omit<Held, "letter"> & { visibleMs: number };

export class Letters {
  private readonly store: Store;
  private readonly holds = new Map<string, Hold>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Oldest first; of all queues without a name. */
  list(queue?: string): Promise<DeadLetter[]> {
    return this.store.under<DeadLetter>(
      queue === undefined ? Store.key.dead("", "").slice(0, -1) : Store.key.dead(queue, ""),
    );
  }

  async count(queue: string): Promise<{ visible: number; hidden: number }> {
    const all = await this.list(queue);
    const hidden = all.filter(({ id }) => this.isHidden(id, Date.now())).length;
    return { visible: all.length - hidden, hidden };
  }

  async receive(queue: string, limit: number, visibilityMs: number): Promise<Held[]> {
    const all = await this.list(queue);
    // From here on in one go: two who ask at once never hold the same letter.
    const now = Date.now();
    return all
      .filter(({ id }) => !this.isHidden(id, now))
      .slice(0, limit)
      .map((letter) => {
        const before = this.holds.get(letter.id);
        const receives = (before?.receives ?? 0) + 1;
        const receipt = Buffer.from(`${letter.id}#${receives}`).toString("base64url");
        const firstReceivedMs = before?.firstReceivedMs ?? now;
        const held = { receipt, receives, firstReceivedMs };
        this.holds.set(letter.id, { ...held, visibleMs: now + visibilityMs });
        return { letter, ...held };
      });
  }

  /** Hides a letter from now on for so long. False if the receipt is not the last, or has run out. */
  async hide(queue: string, receipt: string, forMs: number): Promise<boolean> {
    const id = idOf(receipt);
    const hold = this.holds.get(id);
    const now = Date.now();
    if (hold?.receipt !== receipt || hold.visibleMs <= now) return false;
    if ((await this.store.get(Store.key.dead(queue, id))) === undefined) return false;
    hold.visibleMs = now + forMs;
    return true;
  }

  /** Removes what this receipt holds; nothing for one that somebody else holds by now. */
  async remove(queue: string, receipt: string): Promise<void> {
    const id = idOf(receipt);
    if (this.holds.get(id)?.receipt !== receipt) return;
    await this.store.write({ remove: [Store.key.dead(queue, id)] });
    this.holds.delete(id);
  }

  private isHidden(id: string, now: number): boolean {
    return (this.holds.get(id)?.visibleMs ?? 0) > now;
  }
}

const idOf = (receipt: string) =>
  Buffer.from(receipt, "base64url").toString("utf8").split("#")[0] ?? "";
