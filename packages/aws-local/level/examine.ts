/** Looks at a LevelDB before LevelDB does, which would drop what is damaged and delete its file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLog } from "./log.ts";
import { type Listing, type Live, listingOf, liveFiles } from "./manifest.ts";
import { damageOf, type Entry, readTable } from "./table.ts";
import { reader } from "./varint.ts";

/** A row as raw bytes. */
export type Rows = Map<string, Required<Entry>>;

interface Content {
  entries: Entry[];
  damage: string[];
}

/**
 * Checks every file that holds rows, block by block. Returns what is wrong, a phrase each that begins with the
 * file's name; changes nothing.
 */
export async function examine(folder: string): Promise<string[]> {
  const damage: string[] = [];
  for await (const content of contents(folder, false)) damage.push(...content.damage);
  return damage;
}

/** The newest state of every row that can still be read, by its key in latin1. */
export async function salvage(folder: string): Promise<Rows> {
  const newest = new Map<string, Entry>();
  for await (const { entries } of contents(folder, true)) {
    for (const entry of entries) {
      const key = entry.key.toString("latin1");
      const before = newest.get(key);
      if (!before || before.sequence < entry.sequence) newest.set(key, entry);
    }
  }
  const rows: Rows = new Map();
  for (const [name, { key, value, sequence }] of newest) {
    if (value !== undefined) rows.set(name, { key, value, sequence });
  }
  return rows;
}

/** What each file says; its rows only if they are wanted. */
async function* contents(folder: string, withRows: boolean): AsyncGenerator<Content> {
  const listing = await listingOf(folder);
  if (isNew(listing)) return;
  const live = await liveFiles(folder);
  if (typeof live === "string") yield { entries: [], damage: [live] };
  for (const [number, name] of tablesOf(listing, live)) {
    const bytes = name && (await readFile(join(folder, name)));
    if (!bytes) yield { entries: [], damage: [`the table ${number}.ldb is missing`] };
    else {
      const size = typeof live === "string" ? bytes.length : live.tables.get(number);
      const content = withRows ? readTable(bytes) : { entries: [], damage: damageOf(bytes) };
      const { entries, damage } = content;
      const isShort = bytes.length !== size && damage.length === 0;
      yield { entries, damage: named(name, isShort ? ["it has another size"] : damage) };
    }
  }
  if (typeof live !== "string" && !listing.logs.has(live.firstLog)) {
    yield { entries: [], damage: [`the log ${live.firstLog}.log is missing`] };
  }
  for (const [number, name] of listing.logs) {
    if (typeof live !== "string" && number < live.firstLog) continue;
    const { records, damage } = readLog(await readFile(join(folder, name)));
    yield { entries: withRows ? records.flatMap(entriesOf) : [], damage: named(name, damage) };
  }
}

/** A folder in which nothing was ever written: LevelDB was killed while it made it. */
const isNew = ({ tables, logs, manifests, hasCurrent }: Listing) =>
  !hasCurrent && tables.size === 0 && logs.size === 0 && manifests.length <= 1;

/** By the manifest those that hold; without one, all that are there. */
function tablesOf({ tables }: Listing, live: Live | string): [number, string | undefined][] {
  if (typeof live === "string") return [...tables];
  return [...live.tables.keys()].map((number) => [number, tables.get(number)]);
}

const named = (name: string, phrases: string[]) => phrases.map((phrase) => `${name}: ${phrase}`);

/** The changes of a batch: https://github.com/google/leveldb/blob/main/db/write_batch.cc */
function entriesOf(record: Buffer): Entry[] {
  const entries: Entry[] = [];
  try {
    let sequence = record.readBigUInt64LE(0);
    for (const read = reader(record, 12); !read.isDone; sequence += 1n) {
      const kind = read.byte();
      if (kind > 1) break;
      const key = read.string();
      entries.push(kind === 1 ? { key, value: read.string(), sequence } : { key, sequence });
    }
  } catch {
    // A batch that ends too early: what came before holds.
  }
  return entries;
}
