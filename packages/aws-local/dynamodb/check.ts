/** Checks the table's file before the database opens it. The database would start empty or with a part of it. */
import { copyFile, readFile, stat } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { CliError } from "@rushes/core/cli-error";
import { isSealBroken } from "./seal.ts";
import { walDamage } from "./wal.ts";

/** A killed database takes a moment to exit, and changes its files until then. */
const RETRY_FOR_MS = 3000;
const RETRY_MS = 250;

/**
 * Checks the file and its log before they are opened. Returns one sentence for each damage that does not
 * prevent the start.
 *
 * @param hasObjects whether the buckets contain objects. If so, the table must exist.
 * @throws CliError that says what to do, if changes or the whole table would be lost
 */
export async function checkTable(
  file: string,
  { hasObjects, retryForMs = RETRY_FOR_MS }: { hasObjects: boolean; retryForMs?: number },
): Promise<string[]> {
  for (const deadline = Date.now() + retryForMs; ; await wait(RETRY_MS)) {
    try {
      const torn = await check(file, hasObjects);
      if (torn === undefined) return [];
      if (Date.now() >= deadline) return [await keepLog(torn)];
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
  }
}

/** @returns the path of a log whose last change is damaged, or undefined */
async function check(file: string, hasObjects: boolean): Promise<string | undefined> {
  const log = `${file}-wal`;
  const [size, hasIndex, wal] = await Promise.all([
    sizeOf(file),
    sizeOf(`${file}-shm`),
    readFile(log).catch(() => undefined),
  ]);
  if (size === undefined || size === 0) {
    if (hasObjects || (wal?.length ?? 0) > 0) throw new CliError(absent(file));
    return undefined;
  }
  if (hasIndex !== undefined && wal === undefined) {
    throw new CliError(
      `${log} is missing. It contains the latest changes of the table. Restore it together with ${file} from a backup. To continue without these changes, remove ${file}-shm.`,
    );
  }
  const torn = wal && walDamage(wal);
  if (torn?.isInside) {
    throw new CliError(
      `${log} is damaged at byte ${torn.offset}, and the changes after it cannot be read. Restore the folder of ${file} from a backup. To continue without these changes, keep a copy of the folder and run: truncate -s ${torn.offset} ${log}`,
    );
  }
  if (torn) return log;
  const isChanged = (wal?.length ?? 0) === 0 && (await isSealBroken(file));
  const found = isChanged ? ["it has changed since Rushes stopped"] : inspect(file, "quick");
  if (found.length > 0) throw new CliError(damaged(file, found));
  if (hasObjects && !hasTables(file)) throw new CliError(absent(file));
  return undefined;
}

async function keepLog(log: string): Promise<string> {
  const aside = `${log}.damaged-${new Date().toISOString().replaceAll(":", "-")}`;
  await copyFile(log, aside);
  return `The last change in ${log} could not be read; a power cut may have cut it off. The log is kept as ${aside}.`;
}

/** The errors that SQLite finds, a phrase each. `full` also compares the indexes and the copies of rows. */
export function inspect(file: string, depth: "quick" | "full"): string[] {
  try {
    return withDatabase(file, (database) => {
      const check = depth === "full" ? "integrity_check" : "quick_check";
      const errors = column(database, `PRAGMA ${check}(5)`, check).filter((line) => line !== "ok");
      const tables = column(
        database,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%item_json%'",
        "name",
      );
      for (const table of tables) {
        const invalid = `SELECT count(*) AS count FROM "${table}" WHERE NOT json_valid(item_json)`;
        const count = Number(column(database, invalid, "count")[0]);
        if (count > 0) errors.push(`${count} rows of ${table} cannot be read`);
        const [base] = table.split("::gsi::");
        if (depth === "quick" || base === table) continue;
        const other = `SELECT count(*) AS count FROM "${table}" g LEFT JOIN "${base}" b ON b.pk = g.table_pk AND b.sk = g.table_sk WHERE b.item_json IS NOT g.item_json`;
        const differ = Number(column(database, other, "count")[0]);
        if (differ > 0) errors.push(`${differ} rows of ${table} differ from the table's`);
      }
      return errors;
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
  `${file}, the table of all jobs, is missing or empty, but the buckets contain videos. Restore it from a backup, or ${copyOf(file)}. To start without jobs, move the s3 folder away too.`;

const damaged = (file: string, found: string[]) =>
  `${file}, the table of all jobs, is damaged (${found.join("; ")}). Restore it from a backup, or ${copyOf(file)}. Keep the damaged file. If you changed it yourself, remove ${file}.seal.`;

/** `backup.ts` writes the copy. */
const copyOf = (file: string) =>
  `copy the daily copy ${file}.daily over it and remove ${file}-wal, ${file}-shm and ${file}.seal`;
