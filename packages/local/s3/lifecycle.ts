/** What is cleared away by itself: stale multipart uploads, old memories of completed ones, orphan blobs. */

import type { Blobs } from "./blobs.ts";
import type { BucketConfig } from "./config.ts";
import type { Services } from "./exchange.ts";
import { abort } from "./multipart.ts";
import type { Store } from "./store.ts";

const DAY_MS = 86_400_000;
/** So long a Complete whose answer was lost can be repeated. */
const DONE_MS = 7 * DAY_MS;

/** Gives up the uploads that are older than their bucket allows. Returns how many. */
export async function abortStale(
  services: Pick<Services, "store" | "blobs"> & { buckets: BucketConfig[] },
  now: number,
): Promise<number> {
  const { store, buckets } = services;
  let aborted = 0;
  for await (const [name, row] of store.scan("upload")) {
    const days = buckets.find((bucket) => bucket.name === row.bucket)?.abortMultipartAfterDays;
    if (days === undefined || row.initiated + days * DAY_MS > now) continue;
    const id = name.slice(name.lastIndexOf("\0") + 1);
    // It may have been completed since the walk began.
    const gone = await abort(services, name, id).then(
      () => true,
      () => false,
    );
    if (gone) aborted += 1;
  }
  for await (const [id, row] of store.scan("done")) {
    if (row.completed + DONE_MS <= now) await store.forget("done", id);
  }
  return aborted;
}

/**
 * Deletes the blobs that no row names: of uploads that a crash cut off. `existing` must have been
 * listed before the first request was served; newer blobs may wait for their row.
 */
export async function sweepOrphans(
  store: Store,
  blobs: Blobs,
  existing: string[],
): Promise<number> {
  const orphans = new Set(existing);
  // Parts before objects: a Complete in between makes parts into an object, which is seen then.
  for await (const [, row] of store.scan("part")) orphans.delete(row.blob);
  for await (const [, row] of store.scan("object")) {
    for (const { blob } of row.pieces) orphans.delete(blob);
  }
  await blobs.remove([...orphans]);
  return orphans.size;
}
