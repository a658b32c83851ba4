import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type Level, openLevel } from "../level/open.ts";
import type { Message } from "./queue.ts";

/** An asynchronous invocation that has not succeeded yet. */
export interface Invocation {
  id: string;
  function: string;
  payload: unknown;
  attempts: number;
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
    | { kind: "stream"; function: string; arn: string; shard: string; sequence: string };
  payload: unknown;
  error: string;
  attempts: number;
  /** ISO 8601, UTC. */
  time: string;
}

const Json = z.unknown();
type Value = Message | Invocation | DeadLetter | string;

/** Every durable row of the runner, in one LevelDB, so that one batch can move a message. */
export class Store {
  private readonly db: Level;
  /** What was found damaged when it was opened, a sentence each. */
  readonly damage: string[];
  private constructor(db: Level, damage: string[]) {
    this.db = db;
    this.damage = damage;
  }

  static async open(folder: string): Promise<Store> {
    const { level, damage } = await openLevel(folder);
    return new Store(level, damage);
  }

  /** New ids sort by time, so that a queue keeps its order over a restart. */
  static id(): string {
    return `${Date.now().toString(36).padStart(9, "0")}-${randomUUID()}`;
  }

  static readonly key = {
    message: (queue: string, id: string) => `queue!${queue}!${id}`,
    invocation: (id: string) => `invocation!${id}`,
    dead: (queue: string, id: string) => `dead!${queue}!${id}`,
    /** A table that is made anew has another stream, whose shards may have the names of the old one's. */
    checkpoint: (stream: string, shard: string) => `checkpoint!${stream}!${shard}`,
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

  async get(key: string): Promise<unknown> {
    return Json.parse(await this.db.get(key));
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
