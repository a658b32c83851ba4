/** What is cleared away by itself: stale multipart uploads, old memories of completed ones, quarantined blobs. */
import type { BucketConfig } from "./config.ts";
import type { Services } from "./exchange.ts";
import { forgetGone } from "./gone.ts";
import { abort } from "./multipart.ts";

const DAY_MS = 86_400_000;
/** So long a Complete whose answer was lost can be repeated. */
const DONE_MS = 7 * DAY_MS;

/** So long a blob that no row names can still be taken back by hand. */
export const QUARANTINE_MS = 7 * DAY_MS;

/** What runs at the start and every hour. */
export async function tidy(
  services: Pick<Services, "store" | "blobs"> & { buckets: BucketConfig[] },
  now: number,
): Promise<void> {
  await abortStale(services, now);
  await forgetGone(services, now);
  await services.blobs.emptyQuarantine(QUARANTINE_MS, now);
}

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
    if (row.completed + DONE_MS <= now) await store.removeUnsynced("done", id);
  }
  return aborted;
}
