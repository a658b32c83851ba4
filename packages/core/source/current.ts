/** Which job the object at a key of the uploads bucket belongs to now. Another tool may have replaced it. */
import * as z from "zod";
import { JobId } from "../id.ts";
import * as Table from "../table/index.ts";
import type { Created } from "./object.ts";

const Current = z.object({ jobId: JobId, sequencer: z.string() });
export type Current = z.infer<typeof Current>;

type Place = Pick<Created, "bucket" | "key">;

/** Undefined where no job was recorded: jobs of older releases are not. */
export async function read({ bucket, key }: Place): Promise<Current | undefined> {
  const row = await Table.get(Table.key.source(bucket, key));
  return row && Current.parse(row);
}

/**
 * Whether S3 made `a` before `b`, both sequencers of one key. The shorter one is padded with zeros on
 * the right: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function isBefore(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  return a.padEnd(length, "0").toUpperCase() < b.padEnd(length, "0").toUpperCase();
}

/** Records the job of an object. The write fails when another job was recorded since `before` was read. */
export function write(object: Created, jobId: string, before: Current | undefined): Table.Write {
  return {
    Update: Table.update({
      key: Table.key.source(object.bucket, object.key),
      set: { jobId, sequencer: object.sequencer },
      remove: ["ttl"],
      condition: before ? "#jobId = :before" : "attribute_not_exists(#jobId)",
      ...(before && { values: { ":before": before.jobId } }),
    }),
  };
}

/** Lets the record of a deleted job end, unless another job has the key now. */
export async function expire(place: Place, jobId: string, ttl: number): Promise<void> {
  await Table.apply(
    Table.update({
      key: Table.key.source(place.bucket, place.key),
      set: { ttl },
      condition: "#jobId = :jobId",
      values: { ":jobId": jobId },
    }),
  );
}
