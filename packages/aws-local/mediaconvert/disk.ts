import { statfs } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isStorageFull } from "@rushes/core/full";
import { isDiskFull as isWriteFull } from "../disk/full.ts";

/** The disk of the work folder, or of the bucket, is full: the job waits for space. */
export class DiskFull extends Error {}

export function isDiskFull(error: unknown): boolean {
  return error instanceof DiskFull || isWriteFull(error) || isStorageFull(error);
}

const LOOK_MS = 1000;
/** What was needed is an estimate: after so long the work is tried again with less. */
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
 * Does some work, and where the disk is full does it again when there is space. A full disk is nobody's
 * fault: ended jobs would all have to be started again by a person.
 *
 * @throws what the work throws, but for a full disk; the signal's reason.
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
    do await delay(LOOK_MS, undefined, { signal: wait.signal });
    while (Date.now() < until && (await freeBytes(wait.folder)) < wait.needBytes());
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
