import * as Audit from "../audit/index.ts";
import * as Encoder from "../encoder/client.ts";
import { VisibleError } from "../error.ts";
import * as Id from "../id.ts";
import * as Rendition from "../rendition/schema.ts";
import * as Search from "../search/index.ts";
import type { Chapter } from "../source/schema.ts";
import * as Table from "../table/index.ts";
import { compareEvents } from "./order.ts";
import { playing } from "./playing.ts";
import { record, requireReachable, wrongState } from "./reach.ts";
import type { Row } from "./row.ts";
import { Event, type Listed } from "./schema.ts";
import { listed } from "./serialize.ts";
import { before } from "./status.ts";
import { changeTags, MAX_TAGS } from "./tags.ts";
import { step } from "./timeline.ts";
import { patch, transition } from "./transition.ts";

export { type Changes, changedSince } from "./changes.ts";
export { Counts, counts } from "./counts.ts";
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
        ...wordsAsRead(row),
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

/** The search rows contain all words of a job, so a change of some fails if others have changed since `row` was read. */
function wordsAsRead({ title, tags }: Row) {
  const sameTags = tags ? "#tags = :tags" : "attribute_not_exists(#tags)";
  return {
    condition: `#title = :title AND ${sameTags}`,
    values: { ":title": title, ":tags": tags },
  };
}

/** Adds tags to a job and removes others. Throws `job.not_found`, and `job.tags` if it would have too many. */
export async function tag(input: {
  id: Id.JobId;
  add?: string[] | undefined;
  remove?: string[] | undefined;
}): Promise<Listed> {
  const row = await requireReachable(input.id, "manage");
  const indexed = await Search.read(row.id);
  const tags = changeTags(row.tags ?? [], input);
  if (JSON.stringify(tags) === JSON.stringify(row.tags ?? [])) return listed(row);
  if (tags.length > MAX_TAGS) {
    throw new VisibleError(
      "conflict",
      "job.tags",
      `A video can have ${MAX_TAGS} tags. Remove one first.`,
    );
  }
  const tagged = await Table.transact([
    { Update: patch(row, { set: { tags }, ...wordsAsRead(row) }) },
    ...Search.writes({ ...row, tags }, indexed),
  ]);
  if (!tagged) return tag(input);
  await Search.removeStale(row.id);
  if (input.remove) await Search.removeUnused(row.ownerId, input.remove);
  await record("job.tagged", row);
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
