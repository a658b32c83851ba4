import { acquireLock } from "@rushes/aws-local/level/lock";

const TIMEOUT_MS = 10_000;

/**
 * Runs `run` while it holds the lock of a folder, which all processes respect.
 *
 * @throws Error if another process holds the lock for ten seconds
 */
export async function withLock<R>(folder: string, run: () => Promise<R>): Promise<R> {
  const lock = await acquireLock(folder, TIMEOUT_MS);
  if (!lock) throw new Error(`Another process has locked ${folder}. Try again.`);
  try {
    return await run();
  } finally {
    await lock.close();
  }
}
