/** A small durable store of JSON rows: what every local service keeps its rows in. */
import { type Level, openLevel } from "./open.ts";

/** A row to write, or undefined to remove it. */
export type Change<Row> = [key: string, row: Row | undefined];

interface ScanOptions {
  /** Where to begin; that key is included. The prefix's first key unless given. */
  from?: string;
  /** From the last key to the first. */
  reverse?: boolean;
  /** With `reverse`: where to begin; that key is not included. */
  before?: string;
}

/** Sorts after every key that can follow a prefix. */
const LAST = "\u{10ffff}";

export class Database<Row = unknown> {
  readonly #level: Level<Row>;
  /** The damage that was found when the database was opened, a sentence each. */
  readonly damage: string[];

  private constructor(level: Level<Row>, damage: string[]) {
    this.#level = level;
    this.damage = damage;
  }

  static async open<Row = unknown>(folder: string): Promise<Database<Row>> {
    const { level, damage } = await openLevel<Row>(folder);
    return new Database(level, damage);
  }

  get(key: string): Promise<Row | undefined> {
    return this.#level.get(key);
  }

  /** Applies all changes or none. They are on the disk when it resolves. */
  async write(changes: Iterable<Change<Row>>): Promise<void> {
    const operations = [...changes].map(([key, value]) =>
      value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
    );
    await this.#level.batch(operations, { sync: true });
  }

  /** Writes a row without waiting for the disk: a power cut may undo it. */
  async putUnsynced(key: string, row: Row): Promise<void> {
    await this.#level.put(key, row);
  }

  /** Removes a row without waiting for the disk: a power cut may bring it back. */
  async removeUnsynced(key: string): Promise<void> {
    await this.#level.del(key);
  }

  /** Removes the rows from one key up to another. */
  async clear(from: string, before: string): Promise<void> {
    await this.#level.clear({ gte: from, lt: before });
  }

  /** The rows whose keys begin with a prefix, in the order of the keys' bytes. */
  async *scan(
    prefix: string,
    { from = prefix, reverse = false, before = `${prefix}${LAST}` }: ScanOptions = {},
  ): AsyncGenerator<[key: string, row: Row]> {
    const iterator = this.#level.iterator(
      reverse ? { gte: prefix, lt: before, reverse } : { gte: from },
    );
    try {
      for await (const [key, row] of iterator) {
        if (!key.startsWith(prefix)) return;
        yield [key, row];
      }
    } finally {
      await iterator.close();
    }
  }

  keys(prefix: string): Promise<string[]> {
    return this.#level.keys({ gte: prefix, lt: `${prefix}${LAST}` }).all();
  }

  async rows(prefix: string): Promise<Row[]> {
    const found: Row[] = [];
    for await (const [, row] of this.scan(prefix)) found.push(row);
    return found;
  }

  close(): Promise<void> {
    return this.#level.close();
  }
}
