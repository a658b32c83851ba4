import * as Actor from "../actor.ts";
import { failureOf, warningOf } from "../encoder/failure.ts";
import type { News } from "../encoder/update.ts";
import { nextAttempt } from "../job/attempt.ts";
import { type Failure, isPassing } from "../job/failure.ts";
import { dueTime, type Row, read } from "../job/row.ts";
import { before, isTerminal } from "../job/status.ts";
import { step } from "../job/timeline.ts";
import { move, touch } from "../job/transition.ts";
import { scrub } from "../scrub.ts";
import * as Table from "../table/index.ts";
import * as Rendition from "./land.ts";
import { stateOf } from "./supersede.ts";

export { type News, parse } from "../encoder/update.ts";

/**
 * Takes what the encoder says about an attempt. News of an older attempt, of a deleted job or of one
 * that has ended changes nothing, so events may come late, twice and in any order.
 */
export async function hear(news: News): Promise<void> {
  Actor.system();
  const job = await read(news.jobId);
  if (!job || job.status === "deleted") return;
  if (job.attempt !== news.attempt) return;
  // It may come after the end that it came before.
  if (news.type === "warning") return warn(job, news.codes);
  if (isTerminal(job.status)) return;
  switch (news.type) {
    case "progress":
      return progress(job, news);
    case "waiting":
      return wait(job, news.for);
    case "complete":
      return complete(job, news.encoderJobId);
    case "error":
      return fail(job, reported(news));
    case "canceled":
      await move({ row: job, to: "canceled", with: [stepOf(job, "job.canceled")] });
      return;
    default:
      return news satisfies never;
  }
}

/** Records what the owner should know, once; the attempt goes on. */
async function warn(job: Row, codes: number[]): Promise<void> {
  const known = job.warnings ?? [];
  const added = codes
    .map(warningOf)
    .filter((one) => one !== undefined)
    .filter(({ type }) => !known.some((one) => one.type === type));
  if (added.length === 0) return;
  const time = new Date().toISOString();
  const at = { jobId: job.id, attempt: job.attempt, time };
  await Table.transact([
    { Update: touch(job, { set: { warnings: [...known, ...added] } }) },
    ...added.map(({ type }) =>
      step({ ...at, type: "encoder.warned", label: type, detail: { reason: type } }),
    ),
  ]);
}

/** The failure in an encoder's error, whose own words go to the log alone. */
function reported(error: { code: number; message: string; encoderJobId: string }): Failure {
  const { code, message, encoderJobId: errorId } = error;
  const failure = failureOf({ code, message, errorId });
  console.error(
    JSON.stringify({
      failure: failure.type,
      errorId,
      code,
      message: scrub(message).slice(0, 1000),
    }),
  );
  return failure;
}

/**
 * Ends an attempt with a failure and has the owner mailed. A passing fault of the machine is repeated
 * first, once and without a mail: as a new attempt, here and not in the encoder, so that AWS's encoder
 * and the local one do the same, and with its own keys, so that what the first one left is not mixed in.
 * Reconcile submits it within a minute: that gives storage time to come back, and this function needs
 * none of the permissions to submit.
 */
export async function fail(job: Row, failure: Failure): Promise<void> {
  if (isPassing(failure) && !job.automatic && (await repeat(job, failure))) return;
  const with_ = [stepOf(job, "job.error", { reason: failure.type })];
  await move({ row: job, to: "error", set: { failure }, with: with_, notify: true });
}

/** False when the job has moved on: then there is nothing to repeat. */
async function repeat(job: Row, failure: Failure): Promise<boolean> {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const { attempt, write } = nextAttempt(job, { from: before("error"), automatic: true, now });
  const steps = [
    stepOf(job, "job.error", { reason: failure.type }),
    step({
      ...{ jobId: job.id, attempt, type: "job.retried", time },
      detail: { automatic: failure.type },
    }),
  ];
  return Table.transact([write, ...steps]);
}

/** Records that the encoder waits; its next sign of work takes that back. */
async function wait(job: Row, reason: "disk"): Promise<void> {
  const condition = "#status IN (:submitted, :progressing)";
  const values = { ":submitted": "submitted", ":progressing": "progressing" };
  await Table.transact([
    { Update: touch(job, { set: { waiting: reason }, condition, values }) },
    stepOf(job, "encoder.waiting", { reason }),
  ]);
}

async function progress(
  job: Row,
  news: { percent: number; encoderJobId: string; moves?: true },
): Promise<void> {
  if (news.moves && job.waiting) await Table.apply(touch(job, { remove: ["waiting"] }));
  // Only `complete` says 100.
  const percent = Math.min(99, Math.max(0, Math.floor(news.percent)));
  const now = Date.now();
  if (job.status !== "progressing") {
    const time = new Date(now).toISOString();
    const set = {
      progressPercent: Math.max(percent, job.progressPercent),
      encoderJobId: news.encoderJobId,
      "time.started": time,
    };
    const started = stepOf(job, "encoder.started");
    if (await move({ row: job, to: "progressing", set, with: [started], now })) return;
  }
  const due = dueTime("progressing", now);
  await Table.apply(
    touch(job, {
      set: {
        progressPercent: percent,
        ...(due !== undefined && Table.index.due("job", job.id, due)),
      },
      condition: "#status = :progressing AND #progressPercent < :percent",
      values: { ":progressing": "progressing", ":percent": percent },
      now,
    }),
  );
}

/**
 * The encoder writes before it says that it is done, so whatever it wrote is recorded in the very
 * transaction that completes the job: `complete` means that every rendition can be played.
 */
async function complete(job: Row, encoderJobId: string): Promise<void> {
  // Another tool may have replaced the source while the encoder read it, and this event may come before
  // the one of the new object: the renditions may show either.
  if ((await stateOf(job.source)) === "replaced") return fail(job, { type: "source.replaced" });
  const renditions = await Rendition.collect(job);
  const recording = Rendition.recording(renditions);
  await move({
    row: job,
    to: "complete",
    set: { progressPercent: 100, encoderJobId, ...recording.set },
    ...(recording.add && { add: recording.add }),
    remove: ["earlier"],
    with: [...Rendition.rows(job, renditions), stepOf(job, "job.complete")],
    notify: true,
  });
}

function stepOf(
  job: Row,
  type: "encoder.started" | "encoder.waiting" | "job.complete" | "job.error" | "job.canceled",
  detail?: Record<string, string>,
): Table.Write {
  const time = new Date().toISOString();
  return step({
    jobId: job.id,
    attempt: job.attempt,
    type,
    time,
    ...(detail && { detail }),
  });
}
