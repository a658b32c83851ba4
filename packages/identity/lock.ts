/** One writer at a time, over all processes. */
import { acquireLock } from "@rushes/aws-local/level/lock";

const PATIENCE_MS = 10_000;

/**
 * Runs something while nobody else holds the lock of this folder.
 *
 * @throws Error when another process kept it for ten seconds
 */
export async function withLock<R>(folder: string, run: () => Promise<R>): Promise<R> {
  const lock = await acquireLock(folder, PATIENCE_MS);
  if (!lock) throw new Error(`Another process has locked ${folder}; try again.`);
  try {
    return await run();
  } finally {
    await lock.close();
  }
}
