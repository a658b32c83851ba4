import * as Actor from "../actor.ts";
import * as Encoder from "../encoder/client.ts";
import { ofJob, warningsOf } from "../encoder/update.ts";
import { dueTime, MAX_START_TRIES, nextStart, parse, Row, read } from "../job/row.ts";
import { isTerminal } from "../job/status.ts";
import * as Table from "../table/index.ts";
import * as Upload from "../upload/index.ts";
import { Row as UploadRow } from "../upload/row.ts";
import * as Notify from "./notify.ts";
import * as Transcode from "./progress.ts";
import { sweepAgain } from "./remove.ts";
import { proceed } from "./submit.ts";

/** Longer than any encoder of ours has been silent about a job that it was at. */
const SILENT_MS = 15 * 60_000;

/** When a row that failed is looked at again: after all the others that are due. */
const POSTPONE_MS = 5 * 60_000;

/** How long jobs have waited for news, as of one run. */
export interface Silence {
  /** Jobs that nothing was heard of for a quarter of an hour. */
  jobs: number;
  /** Since when nothing was heard of the oldest of those that were looked at. */
  oldestSeconds: number;
}

export interface Report {
  /** Receives how long jobs have waited, before anything is done about it. */
  onSilence?: (silence: Silence) => void;
  /** Receives each row that failed: its key, without what is in it, and the error. */
  onFailure?: (failure: { row: string; error: unknown }) => void;
}

/** What is done about a due row of each kind. */
const WORK: Record<Table.Due, (row: Table.Row) => Promise<void>> = {
  job: lookAt,
  upload: async (row) => Upload.settle(UploadRow.parse(row)),
  tombstone: async (row) => sweepAgain(String(row.id)),
  notice: async (row) => Notify.send(Notify.Notice.parse(row)),
};
const KINDS = ["job", "upload", "tombstone", "notice"] as const satisfies Table.Due[];

/**
 * Looks after whatever has gone silent: jobs without news, stale uploads, remains of deleted jobs and
 * mails that were not sent. Every step is safe to repeat and to run beside the functions themselves.
 * A row that fails is reported and looked at again five minutes later; the others go on, and the run
 * does not fail: it would only be repeated at once, and leave a dead letter each minute. Throws an
 * AggregateError when the table could not list what is due, after everything that it did list.
 */
export async function run(report: Report = {}): Promise<void> {
  Actor.system();
  const now = new Date().toISOString();
  const listed = await Promise.allSettled(KINDS.map((kind) => Table.due(kind, now)));
  const rows = listed.map((one) => (one.status === "fulfilled" ? one.value : []));
  report.onSilence?.(silenceOf(rows[0] ?? [], now));
  await Promise.all(
    KINDS.flatMap((kind, at) => (rows[at] ?? []).map((row) => one(row, WORK[kind], report))),
  );
  const errors = listed.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, "The table could not list what is due.");
}

async function one(
  row: Table.Row,
  work: (row: Table.Row) => Promise<void>,
  { onFailure }: Report,
): Promise<void> {
  try {
    await work(row);
  } catch (error) {
    onFailure?.({ row: `${row.pk} ${row.sk}`, error });
    await postpone(row).catch((error) => onFailure?.({ row: `${row.pk} ${row.sk}`, error }));
  }
}

/** Puts a row behind the others, unless something has given it another time meanwhile. */
async function postpone({ pk, sk, duePk, dueSk }: Table.Row): Promise<void> {
  const later = new Date(Date.now() + POSTPONE_MS).toISOString();
  await Table.apply(
    Table.update({
      key: { pk, sk },
      set: { dueSk: String(dueSk).replace(/^[^#]*/, later) },
      condition: "#duePk = :duePk AND #dueSk = :dueSk",
      values: { ":duePk": duePk, ":dueSk": dueSk },
    }),
  );
}

function silenceOf(rows: Table.Row[], now: string): Silence {
  const waits = rows.flatMap((row) => {
    // A row that cannot be read fails its own look below, and no other's.
    const job = Row.safeParse(row).data;
    if (!job || isTerminal(job.status)) return [];
    return Date.parse(now) - Date.parse(job.time.updated);
  });
  return {
    jobs: waits.filter((wait) => wait > SILENT_MS).length,
    oldestSeconds: Math.round(Math.max(0, ...waits) / 1000),
  };
}

async function lookAt(stored: Table.Row): Promise<void> {
  // The index may be behind the table.
  const job = await read(parse(stored).id);
  if (!job || job.status === "deleted") return;
  switch (job.status) {
    case "received":
      return start(job);
    case "submitted":
    case "progressing":
      return ask(job);
    case "canceled":
      if (job.encoderJobId !== undefined) await Encoder.cancel(job.encoderJobId);
      return forget(job);
    default:
      return forget(job);
  }
}

/**
 * Starts an attempt that was not started by its event, a bounded number of times. It is counted first:
 * an attempt that kills its process counts as well.
 */
async function start(job: Row): Promise<void> {
  if (job.startTries >= MAX_START_TRIES)
    return Transcode.fail(job, { type: "encoder.unavailable" });
  const counted = await Table.apply(
    Table.update({
      key: Table.key.job(job.id),
      set: Table.index.due("job", job.id, nextStart(job.startTries, Date.now())),
      add: { startTries: 1 },
      condition: "#attempt = :attempt AND #status = :status",
      values: { ":attempt": job.attempt, ":status": job.status },
    }),
  );
  if (counted) await proceed(job);
}

/** Asks the encoder about a job that it has not spoken of. */
async function ask(job: Row): Promise<void> {
  const answer = job.encoderJobId === undefined ? undefined : await Encoder.get(job.encoderJobId);
  if (!answer) return Transcode.fail(job, { type: "encoder.lost" });
  const warnings = warningsOf(answer);
  if (warnings) await Transcode.hear(warnings);
  const news = ofJob(answer);
  if (news) await Transcode.hear(news);
  // It waits or runs: that is news as well.
  await later(job);
}

/** Looks at a job again in its time, if it still stands as we read it. */
async function later(job: Row): Promise<void> {
  const due = dueTime(job.status, Date.now());
  if (due === undefined) return;
  await Table.apply(
    Table.update({
      key: Table.key.job(job.id),
      set: Table.index.due("job", job.id, due),
      condition: "#attempt = :attempt AND #status = :status",
      values: { ":attempt": job.attempt, ":status": job.status },
    }),
  );
}

async function forget(job: Row): Promise<void> {
  await Table.apply(
    Table.update({
      key: Table.key.job(job.id),
      remove: ["duePk", "dueSk"],
      condition: "#attempt = :attempt AND #status = :status",
      values: { ":attempt": job.attempt, ":status": job.status },
    }),
  );
}
