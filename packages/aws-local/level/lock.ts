/**
 * A lock on a folder over all processes. LevelDB's lock is the operating system's: it ends with the process,
 * however that ends, so none is ever left behind and no process id needs to be trusted.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ClassicLevel } from "classic-level";

const AGAIN_MS = 20;

export interface Lock {
  close(): Promise<void>;
}

/** Waits for the lock. Undefined if another holder kept it for `patienceMs`. */
export async function acquireLock(folder: string, patienceMs: number): Promise<Lock | undefined> {
  const ends = Date.now() + patienceMs;
  let emptied = false;
  for (;;) {
    const lock = new ClassicLevel(folder);
    try {
      await lock.open();
      return lock;
    } catch (error) {
      if (isLocked(error)) {
        if (Date.now() > ends) return undefined;
        await wait(AGAIN_MS);
      } else {
        // Nobody holds it and its files are damaged. There is nothing in them.
        if (emptied) throw error;
        emptied = true;
        await empty(folder);
      }
    }
  }
}

/** All but the file that the operating system locks. */
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
