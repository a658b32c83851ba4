import { VisibleError } from "../error.ts";
import type { CaptionsId, JobId } from "../id.ts";
import * as Table from "../table/index.ts";
import { Info, MOST } from "./schema.ts";

/** The captions of a video, oldest first. */
export async function ofJob(jobId: JobId): Promise<Info[]> {
  const { pk, sk } = Table.key.captions(jobId, "");
  const rows = await Table.queryAll({ partition: pk, prefix: sk });
  return rows.map((row) => Info.parse(row));
}

/** The captions of this id. Undefined if the video has no such captions. */
export async function read(jobId: JobId, id: string): Promise<Info | undefined> {
  const row = await Table.get(Table.key.captions(jobId, id));
  return row && Info.parse(row);
}

/** Throws `captions.too_many` if a video with these captions can have no more. */
export function assertRoom(captions: readonly Info[]): void {
  if (captions.length < MOST) return;
  const message = `This video has the maximum of ${MOST} captions. Remove one first.`;
  throw new VisibleError("conflict", "captions.too_many", message);
}

export const rowOf = (jobId: JobId, captions: Info): Table.Write =>
  Table.put({ ...Table.key.captions(jobId, captions.id), ...captions });

/** Fails if there are no such captions. */
export const removal = (jobId: JobId, id: CaptionsId): Table.Write => ({
  Delete: {
    TableName: Table.tableName(),
    Key: Table.key.captions(jobId, id),
    ConditionExpression: "attribute_exists(pk)",
  },
});
