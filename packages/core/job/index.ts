import * as Audit from "../audit/index.ts";
import * as Encoder from "../encoder/client.ts";
import * as Id from "../id.ts";
import * as Rendition from "../rendition/schema.ts";
import * as Search from "../search/index.ts";
import type { Chapter } from "../source/schema.ts";
import * as Table from "../table/index.ts";
import { compareEvents } from "./order.ts";
import { playing } from "./playing.ts";
import { record, requireReachable, wrongState } from "./reach.ts";
import { Event, type Listed } from "./schema.ts";
import { listed } from "./serialize.ts";
import { before } from "./status.ts";
import { step } from "./timeline.ts";
import { patch, transition } from "./transition.ts";

export { type Changes, changedSince } from "./changes.ts";
export { Failure, failureSentence } from "./failure.ts";
export { list, type Page } from "./list.ts";
export { requireReachable } from "./reach.ts";
export { Change, Event, Info, Listed } from "./schema.ts";

export interface Details {
  job: Listed;
  /** The renditions of the attempt that plays (see `playing`). */
  renditions: Rendition.Info[];
  /** The timeline of every attempt, oldest first. */
  events: Event[];
  /** The chapters of its source, in order. Undefined if it has none, and before it is checked. */
  chapters?: Chapter[] | undefined;
}

/**
 * One of the caller's jobs with its renditions and timeline. The owner is checked before its other rows
 * are read: another owner's job must respond like a missing one, and as fast. Throws `job.not_found`.
 */
export async function details(id: Id.JobId): Promise<Details> {
  const row = await requireReachable(id, "read");
  await Audit.recordAccess({ action: "job.opened", target: row.id, owner: row.ownerId });
  const rows = await Table.queryAll({ partition: Table.key.job(id).pk });
  const under = (prefix: string) =>
    rows.filter(({ sk }) => typeof sk === "string" && sk.startsWith(prefix));
  const { attempt, landed } = playing(row);
  return {
    job: listed(row),
    renditions: under("REND#")
      .map((one) => Rendition.Info.parse(one))
      .filter((one) => one.attempt === attempt && landed.includes(one.label)),
    events: under("EVENT#")
      .map((one) => Event.parse(one))
      .sort(compareEvents),
    chapters: row.chapters?.length ? row.chapters : undefined,
  };
}

/** Changes a job's title. Throws `job.not_found`. */
export async function rename(input: { id: Id.JobId; title: string }): Promise<Listed> {
  const row = await requireReachable(input.id, "manage");
  const indexed = await Search.read(row.id);
  const now = Date.now();
  const time = new Date(now).toISOString();
  const eventId = Id.create.event(now);
  const renamed = await Table.transact([
    {
      Update: patch(row, {
        set: { title: input.title, ...Table.index.name(row.ownerId, input.title, row.id) },
        now,
      }),
    },
    step({
      jobId: row.id,
      attempt: row.attempt,
      type: "job.renamed",
      time,
      label: eventId,
      detail: { from: row.title, to: input.title },
    }),
    ...Search.writes({ ...row, title: input.title }, indexed),
  ]);
  // Another change, a retry or a deletion was faster: try again, or report that the job does not exist.
  if (!renamed) return rename(input);
  await Search.removeStale(row.id);
  await record("job.renamed", row);
  return listed(await requireReachable(input.id, "manage"));
}

/** Cancels a job that has not ended. Throws `job.not_found`, and `job.state` if it has. */
export async function cancel(id: Id.JobId): Promise<Listed> {
  const row = await requireReachable(id, "manage");
  const ended = "The video is no longer being processed, so there is nothing to cancel.";
  if (!before("canceled").includes(row.status)) throw wrongState(ended);
  const time = new Date().toISOString();
  const canceled = step({ jobId: id, attempt: row.attempt, type: "job.canceled", time });
  // Reconcile repeats the request, in case this process dies before the encoder receives it.
  const set = Table.index.due("job", id, new Date(Date.now() + 15_000).toISOString());
  if (!(await transition({ row, to: "canceled", set, with: [canceled] }))) throw wrongState(ended);
  await record("job.canceled", row);
  const now = await requireReachable(id, "manage");
  if (now.encoderJobId !== undefined) await Encoder.cancel(now.encoderJobId);
  return listed(now);
}
