/** One writer at a time, over all processes. */
import { setTimeout as wait } from "node:timers/promises";
import { ClassicLevel } from "classic-level";

const PATIENCE_MS = 10_000;
const AGAIN_MS = 20;

/**
 * Runs something while nobody else holds the lock of this folder. LevelDB's lock is the operating
 * system's: it ends with the process, however that ends, so none is ever left behind.
 */
export async function withLock<R>(folder: string, run: () => Promise<R>): Promise<R> {
  const lock = await acquire(folder);
  try {
    return await run();
  } finally {
    await lock.close();
  }
}

async function acquire(folder: string): Promise<ClassicLevel> {
  const ends = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = new ClassicLevel(folder);
    try {
      await lock.open();
      return lock;
    } catch (error) {
      if (!isLocked(error) || Date.now() > ends) throw error;
      await wait(AGAIN_MS);
    }
  }
}

const isLocked = (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  "code" in error.cause &&
  error.cause.code === "LEVEL_LOCKED";
