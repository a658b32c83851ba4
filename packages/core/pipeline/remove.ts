/**
 * Deletes jobs. A deleted job becomes a tombstone for seven days, because an encode may still be running.
 * The other steps check for it: `receive` deletes a late source, `submit` cancels the encoder's job,
 * `applyUpdate` ignores the encoder's events, `land` deletes late renditions, and `notify` sends no mail.
 */
import * as Actor from "../actor.ts";
import * as Encoder from "../encoder/client.ts";
import { VisibleError } from "../error.ts";
import { JobId } from "../id.ts";
import { notFound, record, requireKnown } from "../job/reach.ts";
import { type Row, read, type Tombstone } from "../job/row.ts";
import { foldersOf } from "../rendition/key.ts";
import { resource } from "../resource.ts";
import * as Search from "../search/index.ts";
import * as Share from "../share/row.ts";
import * as Current from "../source/current.ts";
import { removeSource, s3Url } from "../source/storage.ts";
import { removePrefix } from "../storage.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";

/** Longer than the encoder or a redriven queue can still deliver anything. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FIRST_PURGE_MS = 60_000;
const MAX_PURGE_MS = 24 * 3_600_000;
/** Less than a request or a step of reconcile may take. */
const PURGE_MS = 8_000;

/**
 * Deletes a job with its source, its renditions and its timeline. Deleting it again is no error.
 * Throws `job.not_found` if the caller never had it.
 */
export async function remove(id: JobId): Promise<void> {
  const row = await requireKnown(id, "manage");
  if (row.status === "deleted") return;
  // First, because after a crash no data of the job would be left to record who deleted it.
  await record("job.deleted", row);
  await replaceWithTombstone(row);
  if (row.tags) await Search.removeUnused(row.ownerId, row.tags);
}

export interface Removed {
  deleted: string[];
  failed: { id: string; code: string; message: string }[];
}

/** Deletes each of these jobs. One that is missing or not the caller's does not stop the others. */
export async function removeMany(ids: readonly string[]): Promise<Removed> {
  // Asserted first, so that a caller without the scope gets one error and not one per video.
  Actor.owner("manage");
  const removed: Removed = { deleted: [], failed: [] };
  await Promise.all(
    [...new Set(ids)].map(async (given) => {
      const id = JobId.safeParse(given);
      try {
        if (!id.success) throw notFound();
        await remove(id.data);
        removed.deleted.push(given);
      } catch (error) {
        if (!(error instanceof VisibleError)) throw error;
        removed.failed.push({ id: given, code: error.code, message: error.message });
      }
    }),
  );
  return removed;
}

/** Replaces a job with a tombstone, then purges it. Reconcile does what a crash leaves undone. */
async function replaceWithTombstone(job: Row): Promise<void> {
  const tombstone = tombstoneOf(job, Date.now());
  if (await Table.transact(tombstoneWrites(job, tombstone))) {
    await purge(tombstone);
    return;
  }
  const current = await read(job.id);
  // Its source was replaced, or captions were added or removed, in the meantime.
  if (current && current.status !== "deleted") await replaceWithTombstone(current);
}

function tombstoneOf(job: Row, now: number): Tombstone {
  const { bucket, key, etag } = job.source;
  return {
    id: job.id,
    status: "deleted",
    ownerId: job.ownerId,
    attempt: job.attempt,
    source: { bucket, key, etag },
    encoderJobId: job.encoderJobId,
    looks: 0,
    time: { deleted: new Date(now).toISOString() },
  };
}

function tombstoneWrites(job: Row, tombstone: Tombstone): Table.Write[] {
  const { source } = job;
  const time = tombstone.time.deleted;
  const now = Date.parse(time);
  const ttl = Math.ceil((now + KEPT_MS) / 1000);
  const claim = Table.key.claim(source.bucket, source.key, source.sequencer);
  const asRead = source.replaced ? "attribute_exists" : "attribute_not_exists";
  const { addedBytes = 0 } = job;
  const unless = addedBytes === 0 ? "attribute_not_exists(#addedBytes) OR " : "";
  // The bytes of a replaced source were released when it was replaced.
  const bytes = addedBytes + (source.replaced ? 0 : source.sizeBytes);
  return [
    {
      Put: {
        TableName: Table.tableName(),
        Item: {
          ...Table.key.job(job.id),
          ...tombstone,
          ...Table.index.changed(job.ownerId, time, job.id),
          ...Table.index.due("tombstone", job.id, new Date(now + FIRST_PURGE_MS).toISOString()),
          ttl,
        },
        // Of two deletions at the same time, one releases the bytes.
        ConditionExpression: `attribute_exists(pk) AND #status <> :deleted AND ${asRead}(#source.#replaced) AND (${unless}#addedBytes = :addedBytes)`,
        ExpressionAttributeNames: {
          "#addedBytes": "addedBytes",
          "#status": "status",
          "#source": "source",
          "#replaced": "replaced",
        },
        ExpressionAttributeValues: { ":deleted": "deleted", ":addedBytes": addedBytes },
      },
    },
    Usage.write(job.ownerId, { openUploads: 0, bytes: -bytes }),
    { Update: Table.update({ key: claim, set: { jobId: job.id, ttl } }) },
  ];
}

/**
 * Deletes what remains of a deleted job. Safe to repeat. Returns false if objects are left: an adaptive stream of a
 * long video has tens of thousands, and no request waits for all of them.
 */
async function purge(tombstone: Tombstone): Promise<boolean> {
  const { id, source } = tombstone;
  const until = Date.now() + PURGE_MS;
  const removeRenditions = async () => {
    const bucket = resource().Renditions.name;
    const removed = await Promise.all(
      foldersOf(id).map((prefix) => removePrefix(bucket, prefix, until)),
    );
    return removed.every((one) => one);
  };
  const rows = await Table.queryAll({ partition: Table.key.job(id).pk });
  const keys = rows.flatMap(({ pk, sk }) =>
    typeof pk === "string" && typeof sk === "string" && sk !== "JOB" ? [{ pk, sk }] : [],
  );
  const { sk: indexed } = Table.key.indexed(id);
  // First, because the row that lists them is one of `keys`.
  for (const row of rows) if (row.sk === indexed) await Search.removeRows(id, row);
  // Another job may own the key now, with the same bytes.
  const current = await Current.read(source);
  const isCurrent = current === undefined || current.jobId === id;
  await Promise.all([
    cancelEncoder(tombstone),
    ...(isCurrent ? [removeSource(source)] : []),
    Current.expire(source, id, Math.ceil((Date.now() + KEPT_MS) / 1000)),
    removeRenditions(),
    Table.removeAll(keys),
    Share.removeOfJob(id),
  ]);
  // The encoder may have written more before it was canceled.
  return removeRenditions();
}

/** Purges a deleted job again, for reconcile. The next purge is after twice the time, or at once if objects are left. */
export async function purgeAgain(id: string): Promise<void> {
  const tombstone = await read(id);
  if (tombstone?.status !== "deleted") return;
  const isEmpty = await purge(tombstone);
  const waitMs = isEmpty ? Math.min(MAX_PURGE_MS, FIRST_PURGE_MS * 2 ** (tombstone.looks + 1)) : 0;
  await Table.apply(
    Table.update({
      key: Table.key.job(id),
      set: Table.index.due("tombstone", id, new Date(Date.now() + waitMs).toISOString()),
      add: { looks: isEmpty ? 1 : 0 },
      condition: "#status = :deleted",
      values: { ":deleted": "deleted" },
    }),
  );
}

async function cancelEncoder(tombstone: Tombstone): Promise<void> {
  const { id: jobId, attempt, source } = tombstone;
  const encoderJobId =
    tombstone.encoderJobId ??
    // The job was deleted between its submission and the record of it.
    (await Encoder.find({ jobId, attempt, sourceUrl: s3Url(source) }));
  if (encoderJobId !== undefined) await Encoder.cancel(encoderJobId);
}
