/** Which files of a LevelDB hold rows: CURRENT names the manifest, a log of changes to that set. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLog } from "./log.ts";
import { reader } from "./varint.ts";

export interface Live {
  /** Sizes in bytes by file number. */
  tables: Map<number, number>;
  /** Logs before this one are done with. */
  firstLog: number;
}

export interface Listing {
  tables: Map<number, string>;
  logs: Map<number, string>;
  manifests: string[];
  hasCurrent: boolean;
}

/** The files in a folder that may hold rows, by number. */
export async function listingOf(folder: string): Promise<Listing> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const numbered = (pattern: RegExp) =>
    new Map(
      names.filter((name) => pattern.test(name)).map((name) => [Number.parseInt(name, 10), name]),
    );
  return {
    tables: numbered(/^\d+\.(ldb|sst)$/),
    logs: numbered(/^\d+\.log$/),
    manifests: names.filter((name) => /^MANIFEST-\d+$/.test(name)),
    hasCurrent: names.includes("CURRENT"),
  };
}

/** What CURRENT and the manifest say, or what is wrong with them as a phrase. */
export async function liveFiles(folder: string): Promise<Live | string> {
  const current = await textOf(join(folder, "CURRENT"));
  if (current === undefined) return "CURRENT is missing";
  const name = /^(MANIFEST-\d+)\n$/.exec(current.toString("latin1"))?.[1];
  if (name === undefined) return "CURRENT is damaged";
  const bytes = await textOf(join(folder, name));
  if (bytes === undefined) return `${name} is missing`;
  const { records, damage } = readLog(bytes);
  if (damage[0] !== undefined) return `${name}: ${damage[0]}`;
  try {
    return replay(records);
  } catch {
    return `${name} is damaged`;
  }
}

/** Tags of https://github.com/google/leveldb/blob/main/db/version_edit.cc */
function replay(records: Buffer[]): Live {
  const live: Live = { tables: new Map(), firstLog: -1 };
  for (const record of records) {
    const read = reader(record);
    while (!read.isDone) {
      const tag = read.varint();
      if (tag === 1) read.string();
      else if (tag === 2) live.firstLog = read.varint();
      else if (tag === 3 || tag === 4 || tag === 9) read.varint();
      else if (tag === 5) {
        read.varint();
        read.string();
      } else if (tag === 6) {
        read.varint();
        live.tables.delete(read.varint());
      } else if (tag === 7) {
        read.varint();
        const [number, size] = [read.varint(), read.varint()];
        read.string();
        read.string();
        live.tables.set(number, size);
      } else throw new RangeError("This is no change of a version.");
    }
  }
  if (live.firstLog < 0) throw new RangeError("The manifest is cut off.");
  return live;
}

const textOf = (path: string) =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
