import * as z from "zod";
import type { ShareId } from "../id.ts";
import * as Table from "../table/index.ts";
import { Hashed } from "./password.ts";
import { Info } from "./schema.ts";

/** A share as the table stores it. */
export const Row = Info.pick({ id: true, jobId: true, origins: true, time: true }).extend({
  /** The owner of the video, who may not have created the share. */
  ownerId: z.string(),
  password: Hashed.optional(),
  // Older rows do not have these.
  allowsOriginal: z.boolean().default(false),
  allowsDownloads: z.boolean().default(false),
  allowsPreview: z.boolean().default(false),
});
export type Row = z.infer<typeof Row>;

/** The current share of this id, even if it has expired. */
export async function read(id: ShareId): Promise<Row | undefined> {
  const row = await Table.get(Table.key.share(id));
  return row && Row.parse(row);
}

/** Every share of a job, oldest first. Reads an index, so a share that was just written may be missing. */
export async function ofJob(jobId: string): Promise<Row[]> {
  const rows = await Table.queryAll({
    index: "owner",
    partition: Table.index.jobShares(jobId, "").ownerPk,
  });
  return rows.map((row) => Row.parse(row));
}

/** Deletes the shares of a deleted job. They stopped working when it was deleted. */
export async function removeOfJob(jobId: string): Promise<void> {
  await Table.removeAll((await ofJob(jobId)).map(({ id }) => Table.key.share(id)));
}

/** Whether a share has expired. The table deletes such rows, but up to days later. */
export function hasEnded(row: Row, now: number): boolean {
  return row.time.expires !== undefined && Date.parse(row.time.expires) <= now;
}
