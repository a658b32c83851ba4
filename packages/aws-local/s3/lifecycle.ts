/** Deletes what has expired: stale multipart uploads, records of completed ones, quarantined blobs. */
import type { S3Options } from "./config.ts";
import type { Services } from "./context.ts";
import { forgetDeletions } from "./deletions.ts";
import { abort } from "./multipart.ts";
import { checkLengths, type Recovered, writeMissingSidecars } from "./recover.ts";

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** How long a Complete whose response was lost can be repeated. */
const COMPLETED_MS = 7 * DAY_MS;

/** How long you can restore a quarantined blob by hand. */
const QUARANTINE_MS = 7 * DAY_MS;

/** Runs at the start, after the rest of the recovery, and then every hour. */
export function startLifecycle(
  services: Services,
  recovered: Pick<Recovered, "withoutSidecar">,
  { onLog, lifecycleNow = Date.now }: Pick<S3Options, "onLog" | "lifecycleNow">,
): { stop(): void; finished(): Promise<void> } {
  const run = () => applyLifecycle(services, lifecycleNow());
  const onError = (error: unknown) => onLog?.(`S3 could not delete what has expired: ${error}`);
  const runFirst = async () => {
    await writeMissingSidecars(services, recovered.withoutSidecar);
    await run();
    await checkLengths(services);
  };
  let running = runFirst().catch(onError);
  const timer = setInterval(() => {
    running = running.then(run).catch(onError);
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer), finished: () => running };
}

type Expiring = Pick<Services, "store" | "blobs" | "buckets">;

async function applyLifecycle(services: Expiring, now: number): Promise<void> {
  await abortStale(services, now);
  await forgetDeletions(services, now);
  await services.blobs.emptyQuarantine(QUARANTINE_MS, now);
}

/** Aborts the uploads that are older than their bucket allows. */
async function abortStale(services: Expiring, now: number): Promise<void> {
  const { store, buckets } = services;
  for await (const [name, row] of store.scan("upload")) {
    const days = buckets.find((bucket) => bucket.name === row.bucket)?.abortMultipartAfterDays;
    if (days === undefined || row.initiated + days * DAY_MS > now) continue;
    const id = name.slice(name.lastIndexOf("\0") + 1);
    // It fails if the upload was completed since the scan began.
    await abort(services, name, id).catch(() => {});
  }
  for await (const [id, row] of store.scan("done")) {
    if (row.completed + COMPLETED_MS <= now) await store.removeUnsynced("done", id);
  }
}
