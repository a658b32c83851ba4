import { setTimeout as delay } from "node:timers/promises";
import { isStorageFull } from "@rushes/core/full";
import { freeBytes } from "../disk/files.ts";
import { isDiskFull as isWriteFull } from "../disk/full.ts";

/** The disk of the work folder or of the bucket is full. The job waits for space. */
export class DiskFull extends Error {}

export function isDiskFull(error: unknown): boolean {
  return error instanceof DiskFull || isWriteFull(error) || isStorageFull(error);
}

const CHECK_MS = 1000;
/** The required space is an estimate, so the work is retried after this time in any case. */
const TRY_ANYWAY_MS = 5 * 60_000;

export interface SpaceWait {
  /** A folder on the disk that must have space. */
  folder: string;
  /** How many bytes to wait for. */
  needBytes(): number;
  signal: AbortSignal;
  onWaiting(): void;
}

/**
 * Runs `work`, and retries it when there is space if the disk is full. The job does not fail: somebody
 * would have to retry every failed job by hand.
 *
 * @throws every error of `work` except a full disk; the signal's reason
 */
export async function retryWhenSpace<R>(work: () => Promise<R>, wait: SpaceWait): Promise<R> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      wait.signal.throwIfAborted();
      if (!isDiskFull(error)) throw error;
    }
    wait.onWaiting();
    const until = Date.now() + TRY_ANYWAY_MS;
    do await delay(CHECK_MS, undefined, { signal: wait.signal });
    while (Date.now() < until && (await freeBytes(wait.folder)) < wait.needBytes());
  }
}
