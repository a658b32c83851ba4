import type { JobId } from "../id.ts";
import * as Table from "../table/index.ts";
import { Info } from "./schema.ts";

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
