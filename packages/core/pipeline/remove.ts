import * as Encoder from "../encoder/client.ts";
import { type Row, read, type Tombstone } from "../job/row.ts";
import { resource } from "../resource.ts";
import * as Share from "../share/row.ts";
import * as Current from "../source/current.ts";
import { removePrefix } from "../storage.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { url } from "./inspect.ts";
import { removeSource } from "./receive.ts";

/** A tombstone outlives whatever the encoder or a redriven queue may still bring. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FIRST_LOOK_MS = 60_000;
const LAST_LOOK_MS = 24 * 3_600_000;

/**
 * Turns a job into a tombstone, then stops its encoder and removes its objects and rows. From the
 * first write on it is deleted; whatever does not get done here, reconcile does.
 */
export async function bury(job: Row): Promise<void> {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const tombstone: Tombstone = {
    id: job.id,
    status: "deleted",
    ownerId: job.ownerId,
    attempt: job.attempt,
    source: { bucket: job.source.bucket, key: job.source.key, etag: job.source.etag },
    ...(job.encoderJobId !== undefined && { encoderJobId: job.encoderJobId }),
    looks: 0,
    time: { deleted: time },
  };
  const ttl = Math.ceil((now + KEPT_MS) / 1000);
  const claim = Table.key.claim(job.source.bucket, job.source.key, job.source.sequencer);
  const bytes = -job.source.sizeBytes;
  const replaced = job.source.replaced ? "attribute_exists" : "attribute_not_exists";
  const buried = await Table.transact([
    {
      Put: {
        TableName: Table.tableName(),
        Item: {
          ...Table.key.job(job.id),
          ...tombstone,
          ...Table.index.changed(job.ownerId, time, job.id),
          ...Table.index.due("tombstone", job.id, new Date(now + FIRST_LOOK_MS).toISOString()),
          ttl,
        },
        // Of two that delete at once, one gives the bytes back.
        ConditionExpression: `attribute_exists(pk) AND #status <> :deleted AND ${replaced}(#source.#replaced)`,
        ExpressionAttributeNames: {
          ...{ "#status": "status", "#source": "source", "#replaced": "replaced" },
        },
        ExpressionAttributeValues: { ":deleted": "deleted" },
      },
    },
    // The bytes of a replaced source were given back when they went.
    ...(job.source.replaced ? [] : [Usage.write(job.ownerId, { openUploads: 0, bytes })]),
    { Update: Table.update({ key: claim, set: { jobId: job.id, ttl } }) },
  ]);
  if (buried) return sweep(tombstone);
  const current = await read(job.id);
  // Its source was replaced in this very moment.
  if (current && current.status !== "deleted") await bury(current);
}

/** Removes whatever is there of a deleted job. Safe to repeat. */
export async function sweep(tombstone: Tombstone): Promise<void> {
  const rows = await Table.queryAll({ partition: Table.key.job(tombstone.id).pk });
  const keys = rows.flatMap(({ pk, sk }) =>
    typeof pk === "string" && typeof sk === "string" && sk !== "JOB" ? [{ pk, sk }] : [],
  );
  const { id, source } = tombstone;
  // The same bytes may have been written again, and be the source of another job.
  const current = await Current.read(source);
  const isOurs = current === undefined || current.jobId === id;
  await Promise.all([
    stop(tombstone),
    ...(isOurs ? [removeSource(source)] : []),
    Current.expire(source, id, Math.ceil((Date.now() + KEPT_MS) / 1000)),
    removePrefix(resource().Renditions.name, `${tombstone.id}/`),
    Table.removeAll(keys),
    Share.removeOfJob(tombstone.id),
  ]);
  // What the encoder wrote before it heard.
  await removePrefix(resource().Renditions.name, `${tombstone.id}/`);
}

/** Reconcile's look at a tombstone: sweeps, and looks again after twice the time. */
export async function sweepAgain(id: string): Promise<void> {
  const tombstone = await read(id);
  if (tombstone?.status !== "deleted") return;
  await sweep(tombstone);
  const waitMs = Math.min(LAST_LOOK_MS, FIRST_LOOK_MS * 2 ** (tombstone.looks + 1));
  await Table.apply(
    Table.update({
      key: Table.key.job(id),
      set: Table.index.due("tombstone", id, new Date(Date.now() + waitMs).toISOString()),
      add: { looks: 1 },
      condition: "#status = :deleted",
      values: { ":deleted": "deleted" },
    }),
  );
}

async function stop(tombstone: Tombstone): Promise<void> {
  const { id: jobId, attempt, source } = tombstone;
  const encoderJobId =
    tombstone.encoderJobId ??
    // Deleted between a submission and its record.
    (await Encoder.find({ jobId, attempt, sourceUrl: url(source) }));
  if (encoderJobId !== undefined) await Encoder.cancel(encoderJobId);
}
