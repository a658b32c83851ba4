/**
 * The metadata of objects and uploads, in one database whose keys begin with the kind of their row. All changes
 * pass through `commit`, one after another: a condition that was checked still holds when the rows are written.
 */
import { Database } from "../level/database.ts";
import { asDiskFull } from "./blobs.ts";
import type { Checksum } from "./checksum.ts";
import type { ObjectRow, PartRow, UploadRow } from "./rows.ts";

/** A completed upload is kept for a while, so that Complete can be repeated. */
export interface CompletedRow {
  bucket: string;
  key: string;
  etag: string;
  checksum?: Checksum;
  completed: number;
}

export interface OutboxRow {
  bucket: string;
  key: string;
  queue: string;
  body: string;
}

/** Blobs that a commit no longer needs: to be deleted, if necessary by a later start. */
export interface DeletionRow {
  blobs: string[];
}

/** The progress of the scrub: it continues after the object `cursor`, or it finished. */
interface ScrubRow {
  cursor?: string;
  /** Milliseconds since 1970. */
  finished?: number;
}

interface Rows {
  object: ObjectRow;
  gone: DeletionRow;
  scrub: ScrubRow;
  upload: UploadRow;
  part: PartRow;
  done: CompletedRow;
  outbox: OutboxRow;
  sequence: string;
}
type Kind = keyof Rows;

/**
 * NUL separates the parts of a name. Only an object's key can contain NUL, and it comes last or before an id of
 * fixed length.
 */
const keyOf = (kind: Kind, name: string) => `${kind}\0${name}`;
export const objectName = (bucket: string, key: string) => `${bucket}\0${key}`;
export function parseObjectName(name: string): { bucket: string; key: string } {
  const [bucket = "", ...key] = name.split("\0");
  return { bucket, key: key.join("\0") };
}
export const uploadName = (bucket: string, key: string, id: string) => `${bucket}\0${key}\0${id}`;
export const partName = (uploadId: string, number: number) =>
  `${uploadId}\0${String(number).padStart(5, "0")}`;

export interface Transaction {
  get<K extends Kind>(kind: K, name: string): Promise<Rows[K] | undefined>;
  put<K extends Kind>(kind: K, name: string, row: Rows[K]): void;
  remove(kind: Kind, name: string): void;
  /** Runs once the rows are on the disk. The commit resolves after the promise that it returns. */
  afterCommit(run: AfterCommit): void;
  /** A number that only grows, also over restarts, as 18 hex digits. */
  nextSequence(): string;
}

type AfterCommit = () => void | Promise<void>;

interface WaitingCommit {
  build(transaction: Transaction): Promise<void>;
  done(error?: unknown): void;
}

/** The changes of the commits that are written together; undefined removes a row. */
interface Batch {
  changes: Map<string, unknown>;
  after: AfterCommit[];
}

export class Store {
  readonly #database: Database;
  readonly #beforeCommit: () => Promise<void>;
  readonly #waiting: WaitingCommit[] = [];
  #working: Promise<void> | undefined;
  #sequence = 0n;

  private constructor(database: Database, beforeCommit: () => Promise<void>) {
    this.#database = database;
    this.#beforeCommit = beforeCommit;
  }

  /** `beforeCommit` makes the blobs durable that the rows of a commit name. */
  static async open(folder: string, beforeCommit: () => Promise<void>): Promise<Store> {
    const store = new Store(await Database.open(folder), beforeCommit);
    store.#sequence = BigInt(`0x${(await store.get("sequence", "last")) ?? "0"}`);
    return store;
  }

  /** The damage that was found when the database was opened, a sentence each. */
  get damage(): string[] {
    return this.#database.damage;
  }

  async get<K extends Kind>(kind: K, name: string): Promise<Rows[K] | undefined> {
    // Only `put` of a transaction writes rows, and it ties each kind to its type.
    return (await this.#database.get(keyOf(kind, name))) as Rows[K] | undefined;
  }

  /** Applies all changes or none; they are on the disk when it resolves. */
  commit<T>(run: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: T;
      this.#waiting.push({
        build: async (transaction) => {
          result = await run(transaction);
        },
        done: (error) => (error === undefined ? resolve(result) : reject(error)),
      });
      // Starts in a later turn, so that all commits of this turn share the first batch.
      this.#working ??= Promise.resolve().then(() => this.#work());
    });
  }

  /** Removes a row without waiting for the disk: a power cut may bring it back. */
  removeUnsynced(kind: Kind, name: string): Promise<void> {
    return this.#database.removeUnsynced(keyOf(kind, name));
  }

  /** Rows of a kind whose names begin with `prefix`, in the order of their bytes, from the name `from`. */
  async *scan<K extends Kind>(
    kind: K,
    prefix = "",
    from = prefix,
  ): AsyncGenerator<[name: string, row: Rows[K]]> {
    const start = keyOf(kind, prefix);
    for await (const [key, row] of this.#database.scan(start, { from: keyOf(kind, from) })) {
      yield [key.slice(kind.length + 1), row as Rows[K]];
    }
  }

  async close(): Promise<void> {
    while (this.#working) await this.#working;
    await this.#database.close();
  }

  /** Writes all waiting commits in one batch, so that they share one sync of the disk. */
  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch: Batch = { changes: new Map(), after: [] };
      const built: WaitingCommit[] = [];
      for (const commit of this.#waiting.splice(0)) {
        try {
          await this.#build(commit, batch);
          built.push(commit);
        } catch (error) {
          commit.done(error);
        }
      }
      try {
        await this.#write(batch.changes);
        await Promise.all(batch.after.map((run) => run()));
        for (const commit of built) commit.done();
      } catch (error) {
        for (const commit of built) commit.done(error);
      }
    }
    // In the same turn in which the queue was empty, so that no commit is left waiting.
    this.#working = undefined;
  }

  /** Adds one commit's changes to the batch. It reads its own changes and those before it. */
  async #build(commit: WaitingCommit, batch: Batch): Promise<void> {
    const changes = new Map<string, unknown>();
    const after: AfterCommit[] = [];
    await commit.build({
      get: async (kind, name) => {
        const key = keyOf(kind, name);
        for (const pending of [changes, batch.changes]) {
          if (pending.has(key)) return pending.get(key) as Rows[typeof kind] | undefined;
        }
        return this.get(kind, name);
      },
      put: (kind, name, row) => void changes.set(keyOf(kind, name), row),
      remove: (kind, name) => void changes.set(keyOf(kind, name), undefined),
      afterCommit: (run) => void after.push(run),
      nextSequence: () => this.#nextSequence(),
    });
    for (const [key, row] of changes) batch.changes.set(key, row);
    batch.after.push(...after);
  }

  async #write(changes: Map<string, unknown>): Promise<void> {
    if (changes.size === 0) return;
    await this.#beforeCommit();
    changes.set(keyOf("sequence", "last"), this.#sequence.toString(16));
    await asDiskFull(this.#database.write(changes));
  }

  #nextSequence(): string {
    const now = BigInt(Date.now()) << 20n;
    this.#sequence = now > this.#sequence ? now : this.#sequence + 1n;
    return this.#sequence.toString(16).toUpperCase().padStart(18, "0");
  }
}
