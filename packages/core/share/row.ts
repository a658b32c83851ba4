import * as z from "zod";
import type { ShareId } from "../id.ts";
import * as Table from "../table/index.ts";
import { Hashed } from "./password.ts";
import { Info } from "./schema.ts";

/** A share as the table holds it. */
export const Row = Info.pick({ id: true, jobId: true, origins: true, time: true }).extend({
  /** Whose video it is, which is not always who made the share. */
  ownerId: z.string(),
  password: Hashed.optional(),
});
export type Row = z.infer<typeof Row>;

/** The share of this id, as it stands now, expired or not. */
export async function read(id: ShareId): Promise<Row | undefined> {
  const row = await Table.get(Table.key.share(id));
  return row && Row.parse(row);
}

/** Every share of a job, the oldest first. An index: what was written a moment ago may not be there. */
export async function ofJob(jobId: string): Promise<Row[]> {
  const rows = await Table.queryAll({
    index: "owner",
    partition: Table.index.jobShares(jobId, "").ownerPk,
  });
  return rows.map((row) => Row.parse(row));
}

/** Removes the shares of a deleted job, which have opened nothing since it was. */
export async function removeOfJob(jobId: string): Promise<void> {
  await Table.removeAll((await ofJob(jobId)).map(({ id }) => Table.key.share(id)));
}

/** Whether a share has come to its end. The table removes such rows by itself, but up to days later. */
export function hasEnded(row: Row, now: number): boolean {
  return row.time.expires !== undefined && Date.parse(row.time.expires) <= now;
}
