/** Finds the files with rows. CURRENT names the manifest, which is a log of changes to the set of files. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../disk/files.ts";
import { readLog } from "./log.ts";
import { createReader } from "./varint.ts";

export interface Manifest {
  /** Sizes in bytes by file number. */
  tables: Map<number, number>;
  /** Logs before this one are obsolete. */
  firstLog: number;
}

export interface Listing {
  tables: Map<number, string>;
  logs: Map<number, string>;
  manifests: string[];
  hasCurrent: boolean;
}

/** Lists the files of a folder that may contain rows, by number. */
export async function listFiles(folder: string): Promise<Listing> {
  const names = (await readdir(folder).catch(unlessAbsent)) ?? [];
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

/** Reads CURRENT and the manifest. Returns a phrase if they are damaged. */
export async function readManifest(folder: string): Promise<Manifest | string> {
  const current = await readFile(join(folder, "CURRENT")).catch(unlessAbsent);
  if (current === undefined) return "CURRENT is missing";
  const name = /^(MANIFEST-\d+)\n$/.exec(current.toString("latin1"))?.[1];
  if (name === undefined) return "CURRENT is damaged";
  const bytes = await readFile(join(folder, name)).catch(unlessAbsent);
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
function replay(records: Buffer[]): Manifest {
  const manifest: Manifest = { tables: new Map(), firstLog: -1 };
  for (const record of records) {
    const read = createReader(record);
    while (!read.isDone) {
      const tag = read.varint();
      if (tag === 1) read.string();
      else if (tag === 2) manifest.firstLog = read.varint();
      else if (tag === 3 || tag === 4 || tag === 9) read.varint();
      else if (tag === 5) {
        read.varint();
        read.string();
      } else if (tag === 6) {
        read.varint();
        manifest.tables.delete(read.varint());
      } else if (tag === 7) {
        read.varint();
        const [number, size] = [read.varint(), read.varint()];
        read.string();
        read.string();
        manifest.tables.set(number, size);
      } else throw new RangeError("The version edit has an unknown tag.");
    }
  }
  if (manifest.firstLog < 0) throw new RangeError("The manifest is truncated.");
  return manifest;
}
