import { randomUUID } from "node:crypto";
import { type Change, Database } from "../level/database.ts";
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

/** A message that could not be handled: its origin, and the payload to send there again. */
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

type Value = Message | Invocation | DeadLetter | string;

/** The runner's rows in one LevelDB, so that one batch can move a message. */
export class RunnerStore {
  readonly #db: Database<Value>;

  private constructor(db: Database<Value>) {
    this.#db = db;
  }

  static async open(folder: string): Promise<RunnerStore> {
    return new RunnerStore(await Database.open(folder));
  }

  /** One sentence for each damage found while opening. */
  get damage(): string[] {
    return this.#db.damage;
  }

  /** Ids sort by time, so that a queue keeps its order after a restart. */
  static id(): string {
    return `${Date.now().toString(36).padStart(9, "0")}-${randomUUID()}`;
  }

  static readonly key = {
    message: (queue: string, id: string) => `queue!${queue}!${id}`,
    invocation: (id: string) => `invocation!${id}`,
    dead: (queue: string, id: string) => `dead!${queue}!${id}`,
    /** A table that is created again has another stream, whose shards can have the same names. */
    checkpoint: (stream: string, shard: string) => `checkpoint!${stream}!${shard}`,
  };

  /** Writes all or nothing. The changes are on disk when this resolves. */
  async write(changes: { put?: [string, Value][]; remove?: string[] }): Promise<void> {
    const removals = (changes.remove ?? []).map((key): Change<Value> => [key, undefined]);
    await this.#db.write([...(changes.put ?? []), ...removals]);
  }

  /** Moves messages to their dead-letter queues. `remove` are the keys of the rows that they leave. */
  moveToDlq(deadLetters: Omit<DeadLetter, "time">[], remove: string[] = []): Promise<void> {
    const time = new Date().toISOString();
    return this.write({
      put: deadLetters.map((one) => [RunnerStore.key.dead(one.queue, one.id), { ...one, time }]),
      remove,
    });
  }

  /** Not synced: a power cut can undo the last change of a counter. */
  putUnsynced(key: string, value: Value): Promise<void> {
    return this.#db.putUnsynced(key, value);
  }

  get(key: string): Promise<unknown> {
    return this.#db.get(key);
  }

  /** All values whose keys begin with the prefix, in the order of their keys. */
  async listByPrefix<T extends Value>(prefix: string): Promise<T[]> {
    const found = await this.#db.rows(prefix);
    // The prefix determines the type: only this class writes to the database.
    return found as T[];
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}
