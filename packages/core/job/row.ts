import * as z from "zod";
import { JobId } from "../id.ts";
import { LABELS } from "../rendition/schema.ts";
import { Chapter } from "../source/schema.ts";
import * as Table from "../table/index.ts";
import { StoredFailure } from "./failure.ts";
import { Info } from "./schema.ts";
import type { Status } from "./status.ts";

const Landed = z
  .union([z.set(z.string()), z.array(z.string())])
  .default([])
  .transform((labels) => {
    const all = [...labels];
    return [...LABELS.filter((label) => all.includes(label))];
  });

/** A job as the table stores it, with the pipeline's own attributes. */
export const Row = Info.extend({
  failure: StoredFailure.optional(),
  // DynamoDB has no empty set, so the first label creates the attribute.
  landed: Landed,
  /** The address for mail about this job. */
  ownerEmail: z.string(),
  /** What the client gave to find the same file again. Absent if another tool sent it, and in old jobs. */
  fingerprint: z.string().optional(),
  /** The chapters of the source. Absent before the first attempt is submitted. */
  chapters: z.array(Chapter).optional(),
  /** How many times a process began to submit this attempt. If more than once, search the encoder first. */
  submitTries: z.number().int().default(0),
  /** How many times reconcile has tried to check and submit this attempt. */
  startTries: z.number().int().default(0),
  /** How many times reconcile has tried to complete this attempt, after the encoder had finished. */
  finishTries: z.number().int().optional(),
  /** Bytes of captions and of a poster that people added to the video, which count as the owner's usage. */
  addedBytes: z.number().int().optional(),
  /** The end of the lease that lets only one process submit. */
  submitLease: z.string().optional(),
});
export type Row = z.infer<typeof Row>;

/** Replaces a deleted job, until no late event about it can arrive. */
export const Tombstone = z.object({
  id: JobId,
  status: z.literal("deleted"),
  ownerId: z.string(),
  attempt: z.number().int(),
  source: z.object({ bucket: z.string(), key: z.string(), etag: z.string() }),
  encoderJobId: z.string().optional(),
  /** How many times it was purged. */
  looks: z.number().int(),
  time: z.object({ deleted: z.string() }),
});
export type Tombstone = z.infer<typeof Tombstone>;

/** The current job or tombstone of this id. */
export async function read(id: string): Promise<Row | Tombstone | undefined> {
  const row = await Table.get(Table.key.job(id));
  return row && parse(row);
}

/** The jobs of at most 100 IDs that are not deleted, in any order. */
export async function readAll(ids: readonly string[]): Promise<Row[]> {
  const rows = (await Table.getAll(ids.map(Table.key.job))).map(parse);
  return rows.filter((row) => row.status !== "deleted");
}

/** Lets a transaction fail if the job does not exist or is deleted. */
export function requireExisting(id: string): Table.Write {
  return {
    ConditionCheck: {
      TableName: Table.tableName(),
      Key: Table.key.job(id),
      ConditionExpression: "attribute_exists(pk) AND #status <> :deleted",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":deleted": "deleted" },
    },
  };
}

export function parse(row: Table.Row): Row | Tombstone {
  return row.status === "deleted" ? Tombstone.parse(row) : Row.parse(row);
}

/** How many times reconcile tries to start or complete an attempt. With the waits below, for about an hour and a half. */
export const MAX_TRIES = 8;
const FIRST_WAIT_MS = 30_000;
const MAX_WAIT_MS = 30 * 60_000;

/** When reconcile tries again to start or complete an attempt: after half a minute, doubled with each try. */
export function nextTry(tries: number, now: number): string {
  return new Date(now + Math.min(FIRST_WAIT_MS * 2 ** tries, MAX_WAIT_MS)).toISOString();
}

const LOOK_AFTER_MS: Partial<Record<Status, number>> = {
  // A job is submitted within a second of its event, so its process has died by then.
  received: 30_000,
  // Twelve of the encoder's status intervals without an update.
  submitted: 120_000,
  progressing: 120_000,
  // Longer than the function that checks the renditions may run.
  checking: 120_000,
};

/** When reconcile checks a job that has this status from `now` on. Undefined if never. */
export function dueTime(status: Status, now: number): string | undefined {
  const after = LOOK_AFTER_MS[status];
  return after === undefined ? undefined : new Date(now + after).toISOString();
}

/** The attributes that put a job into its indexes. */
export function indexes(row: {
  id: string;
  ownerId: string;
  title: string;
  status: Status;
  now: number;
}): Table.Row {
  const { id, ownerId, title, status, now } = row;
  const due = dueTime(status, now);
  return {
    ...Table.index.ownerJobs(ownerId, id),
    ...Table.index.status(ownerId, status, id),
    ...Table.index.name(ownerId, title, id),
    ...Table.index.changed(ownerId, new Date(now).toISOString(), id),
    ...(due !== undefined && Table.index.due("job", id, due)),
  };
}
