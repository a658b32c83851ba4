/** Examines a database before LevelDB opens it, which would drop damaged rows and delete their files. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLog } from "./log.ts";
import { type Listing, listFiles, type Manifest, readManifest } from "./manifest.ts";
import { checkTable, type Entry, readTable } from "./table.ts";
import { createReader } from "./varint.ts";

/** A row as raw bytes. */
export type Rows = Map<string, Required<Entry>>;

interface Content {
  entries: Entry[];
  damage: string[];
}

/**
 * Checks every file that contains rows, block by block, and changes nothing. Returns a phrase for each damage, which
 * begins with the file's name.
 */
export async function examine(folder: string): Promise<string[]> {
  const damage: string[] = [];
  for await (const content of readFiles(folder, false)) damage.push(...content.damage);
  return damage;
}

/** The newest version of every readable row, by its key in latin1. */
export async function salvage(folder: string): Promise<Rows> {
  const newest = new Map<string, Entry>();
  for await (const { entries } of readFiles(folder, true)) {
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

/** Reads each file; its rows only on request. */
async function* readFiles(folder: string, withRows: boolean): AsyncGenerator<Content> {
  const listing = await listFiles(folder);
  if (isNew(listing)) return;
  const manifest = await readManifest(folder);
  if (typeof manifest === "string") yield { entries: [], damage: [manifest] };
  for (const [number, name] of tablesOf(listing, manifest)) {
    const bytes = name && (await readFile(join(folder, name)));
    if (!bytes) yield { entries: [], damage: [`the table ${number}.ldb is missing`] };
    else {
      const size = typeof manifest === "string" ? bytes.length : manifest.tables.get(number);
      const content = withRows ? readTable(bytes) : { entries: [], damage: checkTable(bytes) };
      const { entries, damage } = content;
      const isShort = bytes.length !== size && damage.length === 0;
      yield { entries, damage: named(name, isShort ? ["it has another size"] : damage) };
    }
  }
  if (typeof manifest !== "string" && !listing.logs.has(manifest.firstLog)) {
    yield { entries: [], damage: [`the log ${manifest.firstLog}.log is missing`] };
  }
  for (const [number, name] of listing.logs) {
    if (typeof manifest !== "string" && number < manifest.firstLog) continue;
    const { records, damage } = readLog(await readFile(join(folder, name)));
    yield { entries: withRows ? records.flatMap(entriesOf) : [], damage: named(name, damage) };
  }
}

/** Whether the folder has no rows: LevelDB was killed while it created the database. */
const isNew = ({ tables, logs, manifests, hasCurrent }: Listing) =>
  !hasCurrent && tables.size === 0 && logs.size === 0 && manifests.length <= 1;

/** The tables that the manifest lists; without a manifest, all tables of the folder. */
function tablesOf(
  { tables }: Listing,
  manifest: Manifest | string,
): [number, string | undefined][] {
  if (typeof manifest === "string") return [...tables];
  return [...manifest.tables.keys()].map((number) => [number, tables.get(number)]);
}

const named = (name: string, phrases: string[]) => phrases.map((phrase) => `${name}: ${phrase}`);

/** Parses the changes of a batch: https://github.com/google/leveldb/blob/main/db/write_batch.cc */
function entriesOf(record: Buffer): Entry[] {
  const entries: Entry[] = [];
  try {
    let sequence = record.readBigUInt64LE(0);
    for (const read = createReader(record, 12); !read.isDone; sequence += 1n) {
      const kind = read.byte();
      if (kind > 1) break;
      const key = read.string();
      entries.push(kind === 1 ? { key, value: read.string(), sequence } : { key, sequence });
    }
  } catch {
    // The batch is truncated; the changes before are valid.
  }
  return entries;
}
