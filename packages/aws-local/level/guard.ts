import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { ClassicLevel } from "classic-level";
import { isDiskFull } from "../disk/full.ts";

/** For a manifest, a new log and LevelDB's own log, beside the table that its old log becomes. */
const SPARE_BYTES = 128 * 1024;

/** Whether LevelDB has the room to open: it writes its log, of at most some 4 MiB, out as a table. */
async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  const logs = (await readdir(folder)).filter((name) => name.endsWith(".log"));
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(folder, name))).size));
  const need = sizes.reduce((sum, size) => sum + size, SPARE_BYTES);
  return bavail * bsize >= need;
}

/**
 * Keeps a database of a full disk from being written to. A record that was cut off by the end of the disk
 * must stay the last of its log: what is written behind it would be taken for damage, and lost, at the next
 * start. And LevelDB itself refuses every write after a sync that failed. So after a failed write the
 * database takes reads alone, until there is room to open it anew, which cuts the record off.
 *
 * Writes that were under way with the failed one fail as it did: it took the last bytes of the disk.
 * Chained batches are not guarded; nothing here uses them.
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

  /** A write: the first to fail closes the way for all that come after it. */
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

  // Binding loses the overloads; each of these keeps its arguments and its answer as they are.
  const batch = level.batch.bind(level) as (...args: unknown[]) => Promise<void>;
  level.batch = writer(batch) as unknown as typeof level.batch;
  level.put = writer(level.put.bind(level)) as typeof level.put;
  level.del = writer(level.del.bind(level)) as typeof level.del;
  level.get = reader(level.get.bind(level)) as typeof level.get;
}
