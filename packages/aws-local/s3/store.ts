/**
 * The metadata: one LevelDB whose keys begin with what they are. All changes pass through `commit`,
 * one after another, so a condition that was checked still holds when its rows are written.
 */
import { openLevel } from "../level/open.ts";
import { asDiskFull } from "./blobs.ts";
import type { Algorithm, Checksum, ChecksumType } from "./checksum.ts";

export interface Piece {
  blob: string;
  sizeBytes: number;
  /** Of its bytes, in hex; absent in rows from before it was kept. */
  md5?: string;
}

/** The headers that are stored with an object and given back with it, by lower-case name. */
export type Headers = Record<string, string>;

export interface ObjectRow {
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  /** Milliseconds since 1970. */
  modified: number;
  sequencer: string;
  headers: Headers;
  checksum?: Checksum;
  /** In order; one for a single PUT, none for an empty object's absence of bytes. */
  pieces: Piece[];
  multipart?: true;
}

export interface UploadRow {
  bucket: string;
  key: string;
  initiated: number;
  headers: Headers;
  checksum?: { algorithm: Algorithm; type: ChecksumType };
}

export interface PartRow extends Piece {
  number: number;
  etag: string;
  modified: number;
  checksum?: string;
}

/** A completed upload is remembered for a while, so that Complete can be repeated. */
export interface DoneRow {
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

/** Blobs that a commit has let go: to be deleted, also by a later start. */
export interface GoneRow {
  blobs: string[];
}

/** How far the scrub has come: behind the object `cursor`, or done at that time. */
export interface ScrubRow {
  cursor?: string;
  /** Milliseconds since 1970. */
  finished?: number;
}

interface Rows {
  object: ObjectRow;
  gone: GoneRow;
  scrub: ScrubRow;
  upload: UploadRow;
  part: PartRow;
  done: DoneRow;
  outbox: OutboxRow;
  sequence: string;
}
type Kind = keyof Rows;

/** The parts of a name are split by NUL; only an object's key can hold one, and it stands last or before a fixed id. */
const keyOf = (kind: Kind, name: string) => `${kind}\0${name}`;
export const objectName = (bucket: string, key: string) => `${bucket}\0${key}`;
export const uploadName = (bucket: string, key: string, id: string) => `${bucket}\0${key}\0${id}`;
export const partName = (uploadId: string, number: number) =>
  `${uploadId}\0${String(number).padStart(5, "0")}`;

export interface Transaction {
  get<K extends Kind>(kind: K, name: string): Promise<Rows[K] | undefined>;
  put<K extends Kind>(kind: K, name: string, row: Rows[K]): void;
  remove(kind: Kind, name: string): void;
  /** Runs once the rows are on the disk; what it returns is waited for before the commit resolves. */
  afterwards(run: () => void | Promise<void>): void;
  /** A number that only grows, also over restarts, as 18 hex digits. */
  nextSequence(): string;
}

type After = Parameters<Transaction["afterwards"]>[0];

interface Waiting {
  build(transaction: Transaction): Promise<void>;
  done(error?: unknown): void;
}

export type Store = Awaited<ReturnType<typeof openStore>>;

/** `beforeCommit` makes the blobs durable that the rows of a commit are about to name. */
export async function openStore(folder: string, beforeCommit: () => Promise<void>) {
  const { level, damage } = await openLevel(folder);
  // Rows are only written by `put` below, which ties each kind to its shape.
  const read = async <K extends Kind>(kind: K, name: string) =>
    (await level.get(keyOf(kind, name))) as Rows[K] | undefined;
  let sequence = BigInt(`0x${(await read("sequence", "last")) ?? "0"}`);
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  function nextSequence(): string {
    const now = BigInt(Date.now()) << 20n;
    sequence = now > sequence ? now : sequence + 1n;
    return sequence.toString(16).toUpperCase().padStart(18, "0");
  }

  /** Runs one caller's changes over those that wait to be written with it. */
  async function build(one: Waiting, pending: Map<string, unknown>, after: After[]) {
    const own = new Map<string, unknown>();
    const ownAfter: After[] = [];
    await one.build({
      async get(kind, name) {
        const key = keyOf(kind, name);
        for (const changes of [own, pending]) {
          if (changes.has(key)) return changes.get(key) as Rows[typeof kind] | undefined;
        }
        return read(kind, name);
      },
      put: (kind, name, row) => void own.set(keyOf(kind, name), row),
      remove: (kind, name) => void own.set(keyOf(kind, name), undefined),
      afterwards: (run) => void ownAfter.push(run),
      nextSequence,
    });
    for (const [key, row] of own) pending.set(key, row);
    after.push(...ownAfter);
  }

  async function write(pending: Map<string, unknown>): Promise<void> {
    if (pending.size === 0) return;
    await beforeCommit();
    pending.set(keyOf("sequence", "last"), sequence.toString(16));
    const operations = [...pending].map(([key, value]) =>
      value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
    );
    await asDiskFull(level.batch(operations, { sync: true }));
  }

  /** Takes all that has come meanwhile into one batch: one sync of the disk serves them all. */
  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0);
      const pending = new Map<string, unknown>();
      const after: After[] = [];
      const built: Waiting[] = [];
      for (const one of group) {
        try {
          await build(one, pending, after);
          built.push(one);
        } catch (error) {
          one.done(error);
        }
      }
      try {
        await write(pending);
        await Promise.all(after.map((run) => run()));
        for (const one of built) one.done();
      } catch (error) {
        for (const one of built) one.done(error);
      }
    }
    // In the same turn in which the queue was found empty, so that nobody is left waiting in it.
    working = undefined;
  }

  return {
    get: read,
    /** What was found damaged when it was opened, a sentence each. */
    damage,

    /** Applies changes at once or not at all; they are on the disk when it resolves. */
    commit<T>(run: (transaction: Transaction) => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        let result: T;
        waiting.push({
          build: async (transaction) => {
            result = await run(transaction);
          },
          done: (error) => (error === undefined ? resolve(result) : reject(error)),
        });
        // Begins in a turn of its own: those who ask in the same turn share its first batch.
        working ??= Promise.resolve().then(work);
      });
    },

    /** Removes a row without waiting for the disk: for what may come back after a power cut. */
    forget: (kind: Kind, name: string) => level.del(keyOf(kind, name)),

    /** Rows of a kind in order of their names' bytes, those that begin with `prefix` and come after `after`. */
    async *scan<K extends Kind>(
      kind: K,
      prefix = "",
      after = "",
    ): AsyncGenerator<[name: string, row: Rows[K]]> {
      const start = keyOf(kind, prefix);
      const from = after > "" ? keyOf(kind, after) : start;
      const iterator = level.iterator({ gte: from });
      try {
        for await (const [key, row] of iterator) {
          if (!key.startsWith(start)) return;
          yield [key.slice(kind.length + 1), row as Rows[K]];
        }
      } finally {
        await iterator.close();
      }
    },

    async close(): Promise<void> {
      while (working) await working;
      await level.close();
    },
  };
}
