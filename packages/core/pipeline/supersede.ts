import * as Encoder from "../encoder/client.ts";
import { type Row, read } from "../job/row.ts";
import { isTerminal } from "../job/status.ts";
import { step } from "../job/timeline.ts";
import { patch } from "../job/transition.ts";
import type { CreatedObject } from "../source/object.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { fail } from "./finish.ts";

/**
 * Another tool has replaced the source of job `id` with `object`, whose job is `by`. The old job records
 * that, keeps its renditions, and no longer counts the bytes that are gone. If it is still running, it
 * fails and stops, because the encoder may be reading the new bytes. Safe to repeat.
 */
export async function supersede(id: string, by: Row, object: CreatedObject): Promise<void> {
  const job = await read(id);
  if (!job || job.status === "deleted" || job.id === by.id) return;
  // The same bytes again: the source of the old job still exists.
  if (job.source.etag === object.etag) return;
  if (!job.source.replaced && !(await record(job, by, object.time))) {
    return supersede(id, by, object);
  }
  if (!isTerminal(job.status)) await fail(job, { type: "source.replaced" });
  const now = await read(id);
  if (now && now.status !== "deleted" && now.failure?.type === "source.replaced") {
    if (now.encoderJobId !== undefined) await Encoder.cancel(now.encoderJobId);
  }
}

/** False if the job has changed in the meantime. */
function record(job: Row, by: Row, time: string): Promise<boolean> {
  const replaced = { time, jobId: by.id };
  const condition = "attribute_not_exists(#source.#replaced)";
  return Table.transact([
    { Update: patch(job, { set: { "source.replaced": replaced }, condition }) },
    step({ jobId: job.id, attempt: job.attempt, type: "source.replaced", time }),
    Usage.write(job.ownerId, { openUploads: 0, bytes: -job.source.sizeBytes }),
  ]);
}
