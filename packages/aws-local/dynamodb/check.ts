/** Looks at the table's file before the database does, which would start empty or with a part of it. */
import { copyFile, readFile, stat } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { CliError } from "@rushes/core/cli-error";
import { isSealBroken } from "./seal.ts";
import { walDamage } from "./wal.ts";

/** A database that was just killed ends by itself, and changes its files meanwhile. */
const PATIENCE_MS = 3000;
const AGAIN_MS = 250;

/**
 * Checks the file and its log, before they are opened. Returns what was found and does not stop the start, a
 * sentence each.
 *
 * @param holds whether there are objects that the table must know of
 * @throws CliError with a sentence that says what to do, when changes or the whole table would be lost
 */
export async function checkTable(
  file: string,
  { holds, patienceMs = PATIENCE_MS }: { holds: boolean; patienceMs?: number },
): Promise<string[]> {
  for (const ends = Date.now() + patienceMs; ; await wait(AGAIN_MS)) {
    try {
      const torn = await check(file, holds);
      if (torn === undefined) return [];
      if (Date.now() >= ends) return [await keepLog(torn)];
    } catch (error) {
      if (Date.now() >= ends) throw error;
    }
  }
}

/** @returns the path of a log whose last change is damaged; undefined for the usual */
async function check(file: string, holds: boolean): Promise<string | undefined> {
  const log = `${file}-wal`;
  const [size, hasIndex, wal] = await Promise.all([
    sizeOf(file),
    sizeOf(`${file}-shm`),
    readFile(log).catch(() => undefined),
  ]);
  if (size === undefined || size === 0) {
    if (holds || (wal?.length ?? 0) > 0) throw new CliError(absent(file));
    return undefined;
  }
  if (hasIndex !== undefined && wal === undefined) {
    throw new CliError(
      `${log} is missing, which holds the latest changes of the table; restore it together with ${file} from a backup. To go on without these changes, remove ${file}-shm.`,
    );
  }
  const torn = wal && walDamage(wal);
  if (torn?.isInside) {
    throw new CliError(
      `${log} is damaged at byte ${torn.offset}, and the changes behind it cannot be read. Restore the folder of ${file} from a backup. To go on without these changes, keep a copy of the folder and run: truncate -s ${torn.offset} ${log}`,
    );
  }
  if (torn) return log;
  const isChanged = (wal?.length ?? 0) === 0 && (await isSealBroken(file));
  const found = isChanged ? ["it is not as it was when Rushes stopped"] : inspect(file, "quick");
  if (found.length > 0) throw new CliError(damaged(file, found));
  if (holds && !hasTables(file)) throw new CliError(absent(file));
  return undefined;
}

async function keepLog(log: string): Promise<string> {
  const aside = `${log}.damaged-${new Date().toISOString().replaceAll(":", "-")}`;
  await copyFile(log, aside);
  return `The last change in ${log} could not be read; a power cut may have cut it off. The log is kept as ${aside}.`;
}

/** What SQLite finds wrong, a phrase each; with `full` also indexes and copies of rows are compared. */
export function inspect(file: string, depth: "quick" | "full"): string[] {
  try {
    return withDatabase(file, (database) => {
      const check = depth === "full" ? "integrity_check" : "quick_check";
      const said = column(database, `PRAGMA ${check}(5)`, check).filter((line) => line !== "ok");
      const tables = column(
        database,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%item_json%'",
        "name",
      );
      for (const table of tables) {
        const invalid = `SELECT count(*) AS count FROM "${table}" WHERE NOT json_valid(item_json)`;
        const count = Number(column(database, invalid, "count")[0]);
        if (count > 0) said.push(`${count} rows of ${table} are not readable`);
        const [base] = table.split("::gsi::");
        if (depth === "quick" || base === table) continue;
        const other = `SELECT count(*) AS count FROM "${table}" g LEFT JOIN "${base}" b ON b.pk = g.table_pk AND b.sk = g.table_sk WHERE b.item_json IS NOT g.item_json`;
        const differ = Number(column(database, other, "count")[0]);
        if (differ > 0) said.push(`${differ} rows of ${table} differ from the table's`);
      }
      return said;
    });
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function hasTables(file: string): boolean {
  const query = "SELECT count(*) AS count FROM sqlite_master WHERE name = '_tables'";
  return withDatabase(file, (database) => column(database, query, "count")[0] !== "0");
}

function withDatabase<T>(file: string, run: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return run(database);
  } finally {
    database.close();
  }
}

const column = (database: DatabaseSync, query: string, name: string): string[] =>
  database
    .prepare(query)
    .all()
    .map((row) => String(row[name]));

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

const absent = (file: string) =>
  `${file}, the table of all jobs, is missing or empty, and the buckets hold videos. Restore it from a backup, or ${copyOf(file)}. To start without jobs, move the folder s3 away too.`;

const damaged = (file: string, found: string[]) =>
  `${file}, the table of all jobs, is damaged (${found.join("; ")}). Restore it from a backup, or ${copyOf(file)}. Keep the damaged file. If you changed it yourself, remove ${file}.seal.`;

/** See backup.ts. */
const copyOf = (file: string) =>
  `copy ${file}.daily, the copy that Rushes makes once a day, over it and remove ${file}-wal, ${file}-shm and ${file}.seal`;
