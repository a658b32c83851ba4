import { randomUUID } from "node:crypto";
import { ClassicLevel } from "classic-level";
import type { Message } from "./queue.ts";

/** An asynchronous invocation that has not succeeded yet. */
export interface Invocation {
  id: string;
  function: string;
  payload: unknown;
  /** Attempts that failed. */
  attempts: number;
  /** The schedule or rule that caused it. */
  from?: string;
  /** The table whose stream record this is, sent again from a dead-letter queue. */
  stream?: string;
  notBeforeMs: number;
  error?: string;
}

/** What could not be handled: where it came from, and what to send there again. */
export interface DeadLetter {
  id: string;
  /** The dead-letter queue's name. */
  queue: string;
  origin:
    | { kind: "queue"; queue: string }
    | { kind: "function"; function: string }
    | { kind: "stream"; stream: string; function: string };
  payload: unknown;
  error: string;
  attempts: number;
  /** ISO 8601, UTC. */
  time: string;
}

type Value = Message | Invocation | DeadLetter | string;

/** Every durable row of the runner, in one LevelDB, so that one batch can move a message. */
export class Store {
  private readonly db: ClassicLevel<string, unknown>;
  private constructor(db: ClassicLevel<string, unknown>) {
    this.db = db;
  }

  static async open(folder: string): Promise<Store> {
    const db = new ClassicLevel<string, unknown>(folder, { valueEncoding: "json" });
    await db.open();
    return new Store(db);
  }

  /** New ids sort by time, so that a queue keeps its order over a restart. */
  static id(): string {
    return `${Date.now().toString(36).padStart(9, "0")}-${randomUUID()}`;
  }

  static readonly key = {
    message: (queue: string, id: string) => `queue!${queue}!${id}`,
    invocation: (id: string) => `invocation!${id}`,
    dead: (queue: string, id: string) => `dead!${queue}!${id}`,
    checkpoint: (shard: string) => `checkpoint!${shard}`,
  };

  /** On the disk when this resolves: all of it or nothing. */
  async write(changes: { put?: [string, Value][]; remove?: string[] }): Promise<void> {
    await this.db.batch(
      [
        ...(changes.put ?? []).map(([key, value]) => ({ type: "put" as const, key, value })),
        ...(changes.remove ?? []).map((key) => ({ type: "del" as const, key })),
      ],
      { sync: true },
    );
  }

  /** Not synced: a count that a loss of power may set back by one. */
  async note(key: string, value: Value): Promise<void> {
    await this.db.put(key, value);
  }

  /** Not synced: at worst a loss of power brings back what was handled. */
  async forget(key: string): Promise<void> {
    await this.db.del(key);
  }

  /** Moves what cannot be handled to its dead-letter queue: never in both, never in none. */
  bury(key: string, letter: DeadLetter): Promise<void> {
    return this.write({ put: [[Store.key.dead(letter.queue, letter.id), letter]], remove: [key] });
  }

  async text(key: string): Promise<string | undefined> {
    const value = await this.db.get(key);
    return typeof value === "string" ? value : undefined;
  }

  /** All values under a prefix, in the order of their keys. They are rows that this class wrote. */
  async under<T extends Value>(prefix: string): Promise<T[]> {
    const found = await this.db.values({ gt: prefix, lt: `${prefix}\uffff` }).all();
    // The prefix decides the type: nothing else writes into this database.
    return found as T[];
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
