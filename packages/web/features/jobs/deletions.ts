import type { Failed } from "./bulk.ts";

/** How long a deletion can be undone. */
export const UNDO_MS = 8_000;
/** After this time, a deletion of another page was not sent: that page crashed, or had no connection. */
const LOST_MS = 10_000;
const RETRY_MS = 5_000;
/** Jobs of one request. */
const BATCH = 10;

export type Deleted = { id: string; title: string };

/** Jobs that were deleted together. */
export type Deletion = {
  key: string;
  jobs: Deleted[];
  dueMs: number;
  /** True once a page that closed has sent it. Its response is unknown. */
  sent?: boolean;
};

/** What the list shows of the deletions of this page. */
export type Shown = {
  /** They can be undone. */
  waiting: readonly Deletion[];
  sending: readonly (Deletion & { settled: number })[];
  failed: readonly (Failed & { title: string })[];
};

/** The browser functions that deletions need. Tests pass their own. */
export type Environment = {
  nowMs(): number;
  after(ms: number, run: () => void): () => void;
  /** Changes the deletions that outlive this page, and those of other tabs. */
  store(change: (stored: Deletion[]) => Deletion[]): void;
  stored(): Deletion[];
  /** Resolves with the jobs that cannot be deleted. Rejects if the request can be repeated. */
  send(ids: string[], leaving: boolean): Promise<readonly Failed[]>;
  /** Hides jobs in lists, or shows them again. */
  hide(ids: string[], hidden: boolean): void;
  /** Called once a deletion has been sent and answered. */
  onSettled(deleted: number, failed: number): void;
};

const idsOf = ({ jobs }: Deletion) => jobs.map(({ id }) => id);

const without = <T extends Deletion>(all: readonly T[], key: string) =>
  all.filter((one) => one.key !== key);

/**
 * Deletions that can be undone for some seconds. A deletion is stored until the server has answered it, and sent when
 * it can no longer be undone, or when its page is left. A later page sends what a page did not: deleting a job twice is
 * no error. An undone deletion is no longer stored, so nothing sends it.
 */
export class Deletions {
  readonly #env: Environment;
  readonly #onChange: () => void;
  readonly #timers = new Map<string, () => void>();
  #shown: Shown = { waiting: [], sending: [], failed: [] };

  constructor(env: Environment, onChange: () => void) {
    this.#env = env;
    this.#onChange = onChange;
  }

  /** Deletes jobs. Nothing is sent before the time to undo has passed. */
  remove(jobs: Deleted[]): void {
    const [first] = jobs;
    if (!first) return;
    const nowMs = this.#env.nowMs();
    const deletion = { key: `${first.id}-${nowMs}`, jobs, dueMs: nowMs + UNDO_MS };
    this.#env.store((all) => [...all, deletion]);
    this.#env.hide(idsOf(deletion), true);
    this.#timers.set(
      deletion.key,
      this.#env.after(UNDO_MS, () => {
        if (this.#end(deletion.key)) void this.#send(deletion);
      }),
    );
    this.#show({ waiting: [...this.#shown.waiting, deletion] });
  }

  /** Returns false if it is too late, for example because the machine slept. */
  undo(deletion: Deletion): boolean {
    if (this.#env.nowMs() >= deletion.dueMs || !this.#end(deletion.key)) return false;
    this.#forget(deletion.key);
    this.#env.hide(idsOf(deletion), false);
    return true;
  }

  /** The page is left: sends what can still be undone. Its response may never arrive. */
  leave(): void {
    for (const deletion of this.#shown.waiting) {
      if (!this.#end(deletion.key)) continue;
      this.#env.store((all) => [...without(all, deletion.key), { ...deletion, sent: true }]);
      const ids = idsOf(deletion);
      for (let from = 0; from < ids.length; from += BATCH) {
        this.#env.send(ids.slice(from, from + BATCH), true).catch(() => {});
      }
    }
  }

  /** Sends what earlier pages did not send, or whose response they did not receive. */
  resume(): void {
    const known = new Set([...this.#timers.keys(), ...this.#shown.sending.map(({ key }) => key)]);
    for (const deletion of this.#env.stored()) {
      const lost = this.#env.nowMs() > deletion.dueMs + LOST_MS;
      if (known.has(deletion.key) || !(deletion.sent || lost)) continue;
      this.#env.hide(idsOf(deletion), true);
      void this.#send(deletion);
    }
  }

  shown = () => this.#shown;

  dismiss(): void {
    this.#show({ failed: [] });
  }

  #show(next: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...next };
    this.#onChange();
  }

  #forget(key: string): void {
    this.#env.store((all) => without(all, key));
  }

  /** Ends the time to undo. Returns false if it had ended. */
  #end(key: string): boolean {
    const cancel = this.#timers.get(key);
    if (!cancel) return false;
    cancel();
    this.#timers.delete(key);
    this.#show({ waiting: without(this.#shown.waiting, key) });
    return true;
  }

  #progress(deletion: Deletion, settled: number): void {
    const sending = without(this.#shown.sending, deletion.key);
    this.#show({ sending: [...sending, { ...deletion, settled }] });
  }

  async #send(deletion: Deletion): Promise<void> {
    const ids = idsOf(deletion);
    const failed: Failed[] = [];
    for (let from = 0; from < ids.length; from += BATCH) {
      this.#progress(deletion, from);
      failed.push(...(await this.#sendBatch(ids.slice(from, from + BATCH))));
    }
    this.#forget(deletion.key);
    this.#env.hide(
      failed.map(({ id }) => id),
      false,
    );
    const titles = new Map(deletion.jobs.map(({ id, title }) => [id, title]));
    this.#show({
      sending: without(this.#shown.sending, deletion.key),
      failed: [
        ...this.#shown.failed,
        ...failed.map((one) => ({ ...one, title: titles.get(one.id) ?? one.id })),
      ],
    });
    this.#env.onSettled(ids.length - failed.length, failed.length);
  }

  async #sendBatch(ids: string[]): Promise<readonly Failed[]> {
    for (;;) {
      try {
        return await this.#env.send(ids, false);
      } catch {
        // The server is not responding, or nobody is signed in.
        await new Promise<void>((resolve) => this.#env.after(RETRY_MS, resolve));
      }
    }
  }
}
