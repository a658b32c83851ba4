import { HeadObjectCommand } from "@aws-sdk/client-s3";
import * as Encoder from "../encoder/client.ts";
import { type Row, read } from "../job/row.ts";
import { isTerminal } from "../job/status.ts";
import { step } from "../job/timeline.ts";
import { move, touch } from "../job/transition.ts";
import { bareEtag, type Created } from "../source/object.ts";
import { isMissing, s3 } from "../storage.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";

/**
 * Another tool has replaced the source of job `id` with `object`, which has the job `by`. The old job
 * records that, keeps its renditions, and no longer counts the bytes that are gone. One that is still
 * running fails and stops: the encoder may be reading the other bytes. Safe to repeat.
 */
export async function supersede(id: string, by: Row, object: Created): Promise<void> {
  const job = await read(id);
  if (!job || job.status === "deleted" || job.id === by.id) return;
  // The same bytes again: whatever the old job needs of its source is still there.
  if (job.source.etag === object.etag) return;
  if (!job.source.replaced && !(await record(job, by, object.time))) {
    return supersede(id, by, object);
  }
  if (!isTerminal(job.status)) {
    const failure = { type: "source.replaced" };
    const at = { jobId: job.id, attempt: job.attempt, time: new Date().toISOString() };
    const detail = { reason: failure.type };
    const failed = step({ ...at, type: "job.error", detail });
    await move({ row: job, to: "error", set: { failure }, with: [failed], notify: true });
  }
  const now = await read(id);
  if (now && now.status !== "deleted" && now.failure?.type === "source.replaced") {
    if (now.encoderJobId !== undefined) await Encoder.cancel(now.encoderJobId);
  }
}

/** False when the job has moved on meanwhile. */
function record(job: Row, by: Row, time: string): Promise<boolean> {
  const replaced = { time, jobId: by.id };
  const condition = "attribute_not_exists(#source.#replaced)";
  return Table.transact([
    { Update: touch(job, { set: { "source.replaced": replaced }, condition }) },
    step({ jobId: job.id, attempt: job.attempt, type: "source.replaced", time }),
    Usage.write(job.ownerId, { openUploads: 0, bytes: -job.source.sizeBytes }),
  ]);
}

/** Whether the bucket still holds the very source of a job. */
export async function stateOf(source: {
  bucket: string;
  key: string;
  etag: string;
}): Promise<"same" | "replaced" | "missing"> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: source.bucket, Key: source.key }));
    if (source.etag === "") return "same";
    return bareEtag(head.ETag ?? "") === source.etag ? "same" : "replaced";
  } catch (error) {
    if (isMissing(error)) return "missing";
    throw error;
  }
}
