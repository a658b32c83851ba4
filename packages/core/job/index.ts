import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Encoder from "../encoder/client.ts";
import { VisibleError } from "../error.ts";
import * as Id from "../id.ts";
import { bury } from "../pipeline/remove.ts";
import { proceed } from "../pipeline/submit.ts";
import { stateOf } from "../pipeline/supersede.ts";
import * as Rendition from "../rendition/schema.ts";
import * as Table from "../table/index.ts";
import { nextAttempt } from "./attempt.ts";
import { compareEvents } from "./order.ts";
import { playing } from "./playing.ts";
import { type Row, read } from "./row.ts";
import { Event, type Listed } from "./schema.ts";
import { listed } from "./serialize.ts";
import { before, isTerminal } from "./status.ts";
import { step } from "./timeline.ts";
import { move, touch } from "./transition.ts";

export { type Changes, changedSince } from "./changes.ts";
export { Failure, failureSentence } from "./failure.ts";
export { list, type Page } from "./list.ts";
export { Change, Event, Info, Listed } from "./schema.ts";

export interface Details {
  job: Listed;
  /** Those of the attempt that plays: see `playing`. */
  renditions: Rendition.Info[];
  /** The timeline of every attempt, oldest first. */
  events: Event[];
}

/**
 * One of the caller's jobs with its renditions and timeline. Whose it is is asked before its other
 * rows are: somebody else's must answer like a missing one, and as fast. Throws `job.not_found`.
 */
export async function details(id: Id.JobId): Promise<Details> {
  const row = await mine(id, "read");
  await Audit.looked({ action: "job.opened", target: row.id, owner: row.ownerId });
  const rows = await Table.queryAll({ partition: Table.key.job(id).pk });
  const under = (prefix: string) =>
    rows.filter(({ sk }) => typeof sk === "string" && sk.startsWith(prefix));
  const renditions = under("REND#").map((one) => Rendition.Info.parse(one));
  return {
    job: listed(row),
    renditions: renditions.filter((one) => one.attempt === playing(row).attempt),
    events: under("EVENT#")
      .map((one) => Event.parse(one))
      .sort(compareEvents),
  };
}

/** Gives a job another title. Throws `job.not_found`. */
export async function rename(input: { id: Id.JobId; title: string }): Promise<Listed> {
  const row = await mine(input.id, "manage");
  const now = Date.now();
  const time = new Date(now).toISOString();
  const eventId = Id.create.event(now);
  const renamed = await Table.transact([
    {
      Update: touch(row, {
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
  ]);
  // Refused when a retry or a delete came between: the name is asked for again, or not found.
  if (!renamed) return rename(input);
  await audit("job.renamed", row);
  return listed(await mine(input.id, "manage"));
}

/**
 * Starts another attempt of a job that has ended, under new keys. What is ready keeps playing until the
 * new attempt is complete. Throws `job.not_found`, `job.state`
 * while an attempt is running, and `job.source_replaced` or `job.source_missing` when the bucket no
 * longer holds the source: another attempt could only fail, or encode other bytes.
 */
export async function retry(id: Id.JobId): Promise<Listed> {
  const row = await mine(id, "manage");
  if (!isTerminal(row.status))
    throw wrongState(
      "The video is still being processed. Wait until it ends, or cancel it, before you retry it.",
    );
  await assertSource(row);
  const now = Date.now();
  const time = new Date(now).toISOString();
  const { attempt, write } = nextAttempt(row, { from: [row.status], automatic: false, now });
  const retried = step({ jobId: row.id, attempt, type: "job.retried", time });
  if (!(await Table.transact([write, retried]))) {
    throw wrongState("It has just changed. Look at it again.");
  }
  await audit("job.retried", row);
  // The attempt is recorded: when its submission fails now, reconcile goes on with it.
  const next = await mine(id, "manage");
  await proceed(next).catch(() => undefined);
  return listed(await mine(id, "manage"));
}

/** Stops a job that has not ended. Throws `job.not_found`, and `job.state` when it has. */
export async function cancel(id: Id.JobId): Promise<Listed> {
  const row = await mine(id, "manage");
  if (!before("canceled").includes(row.status)) {
    throw wrongState("The video is no longer being processed, so there is nothing to cancel.");
  }
  const time = new Date().toISOString();
  const canceled = step({ jobId: id, attempt: row.attempt, type: "job.canceled", time });
  // Until the encoder has heard it, reconcile tells it again.
  const set = Table.index.due("job", id, new Date(Date.now() + 15_000).toISOString());
  if (!(await move({ row, to: "canceled", set, with: [canceled] }))) {
    throw wrongState("The video is no longer being processed, so there is nothing to cancel.");
  }
  await audit("job.canceled", row);
  const now = await mine(id, "manage");
  if (now.encoderJobId !== undefined) await Encoder.cancel(now.encoderJobId);
  return listed(now);
}

/**
 * Deletes a job with its source, its renditions and its timeline. Deleting it again is no error.
 * Throws `job.not_found` when the caller never had it.
 */
export async function remove(id: Id.JobId): Promise<void> {
  const actor = Actor.owner("manage");
  const row = await read(id);
  if (!row || !Actor.reaches(actor, row.ownerId)) throw notFound();
  if (row.status === "deleted") return;
  // First: should we die in between, nothing of the job would be left to tell who deleted it.
  await audit("job.deleted", row);
  await bury(row);
}

/** The job of this id, as it stands now, if the caller reaches it. Throws `job.not_found`. */
export async function mine(id: Id.JobId, scope: Actor.Scope): Promise<Row> {
  const actor = Actor.owner(scope);
  const row = await read(id);
  if (!row || row.status === "deleted" || !Actor.reaches(actor, row.ownerId)) throw notFound();
  return row;
}

/** Whose it is is told too: an admin may have done it, and the job may be gone. */
function audit(action: Audit.Action, row: Row): Promise<void> {
  return Audit.record({ action, target: row.id, detail: { owner: row.ownerId } });
}

function notFound(): VisibleError {
  return new VisibleError("not_found", "job.not_found", "There is no such video.");
}

/** Throws `job.source_replaced`, `job.source_missing`. */
async function assertSource({ source }: Row): Promise<void> {
  const state = source.replaced ? "replaced" : await stateOf(source);
  if (state === "replaced") {
    throw new VisibleError(
      "conflict",
      "job.source_replaced",
      "The source of this video was replaced in the bucket, so it cannot be encoded again. Existing renditions keep playing.",
    );
  }
  if (state === "missing") {
    throw new VisibleError(
      "conflict",
      "job.source_missing",
      "The source of this video is no longer in the bucket, so it cannot be encoded again. Upload the file again.",
    );
  }
}

function wrongState(message: string): VisibleError {
  return new VisibleError("conflict", "job.state", message);
}
