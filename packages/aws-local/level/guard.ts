import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ClassicLevel } from "classic-level";
import { freeBytes } from "../disk/files.ts";
import { isDiskFull } from "../disk/full.ts";

/** For a manifest, a new log and LevelDB's own log, in addition to the table that its old log becomes. */
const SPARE_BYTES = 128 * 1024;

/** Whether LevelDB has enough space to open: it writes its log, of about 4 MiB at most, to a table. */
async function hasRoom(folder: string): Promise<boolean> {
  const logs = (await readdir(folder)).filter((name) => name.endsWith(".log"));
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(folder, name))).size));
  return (await freeBytes(folder)) >= sizes.reduce((sum, size) => sum + size, SPARE_BYTES);
}

/**
 * Stops writes to a database on a full disk. A record that the end of the disk truncated must stay the last of its
 * log: the next start would take it for damage and lose the records after it. LevelDB also rejects every write after
 * a failed sync. So after a failed write the database is read-only until there is space to reopen it, which removes
 * the truncated record.
 *
 * Concurrent writes fail too. Chained batches are not guarded; nothing here uses them.
 */
export function guard<Row>(folder: string, level: ClassicLevel<string, Row>): void {
  let reason: unknown;
  let reopening: Promise<void> | undefined;

  async function reopen(): Promise<void> {
    if (isDiskFull(reason) && !(await hasRoom(folder))) throw reason;
    await level.close();
    try {
      await level.open();
      reason = undefined;
    } catch (error) {
      reason = error;
      throw error;
    }
  }

  async function ready(): Promise<void> {
    if (reason === undefined) return;
    reopening ??= reopen().finally(() => {
      reopening = undefined;
    });
    await reopening;
  }

  /** The first write that fails blocks all later ones. */
  const writer =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await ready();
      try {
        return await write(...args);
      } catch (error) {
        reason ??= error;
        throw error;
      }
    };
  const reader =
    <A extends unknown[], R>(read: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await reopening?.catch(() => {});
      if (level.status === "closed" && reason !== undefined) await ready();
      return read(...args);
    };

  // `bind` loses the overloads; the wrappers pass arguments and results unchanged.
  const batch = level.batch.bind(level) as (...args: unknown[]) => Promise<void>;
  level.batch = writer(batch) as unknown as typeof level.batch;
  level.put = writer(level.put.bind(level)) as typeof level.put;
  level.del = writer(level.del.bind(level)) as typeof level.del;
  level.get = reader(level.get.bind(level)) as typeof level.get;
}
