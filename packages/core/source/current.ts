/** Which job owns the object at a key of the uploads bucket now. Another tool may have replaced it. */
import * as z from "zod";
import { JobId } from "../id.ts";
import * as Table from "../table/index.ts";
import type { CreatedObject } from "./object.ts";

const Current = z.object({ jobId: JobId, sequencer: z.string() });
export type Current = z.infer<typeof Current>;

type ObjectName = Pick<CreatedObject, "bucket" | "key">;

/** Undefined if no job was recorded: jobs of older releases were not. */
export async function read({ bucket, key }: ObjectName): Promise<Current | undefined> {
  const row = await Table.get(Table.key.source(bucket, key));
  return row && Current.parse(row);
}

/**
 * Whether S3 created `a` before `b`, both sequencers of one key. The shorter one is padded with zeros on the right:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function isBefore(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  return a.padEnd(length, "0").toUpperCase() < b.padEnd(length, "0").toUpperCase();
}

/** Records the job of an object. The write fails if another job was recorded after `before` was read. */
export function write(
  object: CreatedObject,
  jobId: string,
  before: Current | undefined,
): Table.Write {
  return {
    Update: Table.update({
      key: Table.key.source(object.bucket, object.key),
      set: { jobId, sequencer: object.sequencer },
      remove: ["ttl"],
      condition: before ? "#jobId = :before" : "attribute_not_exists(#jobId)",
      values: before ? { ":before": before.jobId } : {},
    }),
  };
}

/** Lets the record of a deleted job expire, unless another job owns the key now. */
export async function expire(object: ObjectName, jobId: string, ttl: number): Promise<void> {
  await Table.apply(
    Table.update({
      key: Table.key.source(object.bucket, object.key),
      set: { ttl },
      condition: "#jobId = :jobId",
      values: { ":jobId": jobId },
    }),
  );
}
