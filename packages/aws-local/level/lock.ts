/**
 * Locks a folder against other processes. LevelDB uses a lock of the operating system, which ends with its process in
 * any case. So no stale lock can remain, and no process id needs to be checked.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ClassicLevel } from "classic-level";

const RETRY_MS = 20;

export interface Lock {
  close(): Promise<void>;
}

/** Waits for the lock. Undefined if another process still holds it after `timeoutMs`. */
export async function acquireLock(folder: string, timeoutMs: number): Promise<Lock | undefined> {
  const ends = Date.now() + timeoutMs;
  let isEmptied = false;
  for (;;) {
    const lock = new ClassicLevel(folder);
    try {
      await lock.open();
      return lock;
    } catch (error) {
      if (isLocked(error)) {
        if (Date.now() > ends) return undefined;
        await wait(RETRY_MS);
      } else {
        // No process holds the lock and its files are damaged. They contain no rows.
        if (isEmptied) throw error;
        isEmptied = true;
        await empty(folder);
      }
    }
  }
}

/** Removes all files but the one that the operating system locks. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== "LOCK") await rm(join(folder, name), { recursive: true });
  }
}

const isLocked = (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  "code" in error.cause &&
  error.cause.code === "LEVEL_LOCKED";
