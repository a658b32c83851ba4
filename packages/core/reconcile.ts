import * as Actor from "./actor.ts";
import { sweepAgain } from "./job/remove.ts";
import { dueTime, parse, Row, read } from "./job/row.ts";
import { isTerminal } from "./job/status.ts";
import { proceed } from "./job/submit.ts";
import * as Notify from "./notify/index.ts";
import * as Table from "./table.ts";
import * as Encoder from "./transcode/encoder.ts";
import * as Transcode from "./transcode/index.ts";
import { ofJob } from "./transcode/news.ts";
import * as Upload from "./upload/index.ts";
import { Row as UploadRow } from "./upload/row.ts";

/** Longer than any encoder of ours has been silent about a job that it was at. */
const SILENT_MS = 15 * 60_000;

/** How long jobs have waited for news, as of one run. */
export interface Silence {
  /** Jobs that nothing was heard of for a quarter of an hour. */
  jobs: number;
  /** Since when nothing was heard of the oldest of those that were looked at. */
  oldestSeconds: number;
}

/**
 * Looks after whatever has gone silent: jobs without news, stale uploads, remains of deleted jobs and
 * mails that were not sent. Every step is safe to repeat and to run beside the functions themselves.
 * One that fails leaves its row due, so that the next run meets it again; the others go on. Throws an
 * AggregateError of the failures at the end. `onSilence` hears how long jobs have waited, whatever fails.
 */
export async function run(onSilence?: (silence: Silence) => void): Promise<void> {
  Actor.system();
  const now = new Date().toISOString();
  const [jobs, uploads, tombstones, notices] = await Promise.all([
    Table.due("job", now),
    Table.due("upload", now),
    Table.due("tombstone", now),
    Table.due("notice", now),
  ]);
  onSilence?.(silenceOf(jobs, now));
  const results = await Promise.allSettled([
    ...jobs.map(lookAt),
    ...uploads.map((row) => Upload.settle(UploadRow.parse(row))),
    ...tombstones.map((row) => sweepAgain(String(row.id))),
    ...notices.map((row) => Notify.send(Notify.Notice.parse(row))),
  ]);
  const errors = results.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} rows stay due.`);
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
      return proceed(job);
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

/** Asks the encoder about a job that it has not spoken of. */
async function ask(job: Row): Promise<void> {
  const answer = job.encoderJobId === undefined ? undefined : await Encoder.get(job.encoderJobId);
  if (!answer) return Transcode.fail(job, { type: "encoder.lost" });
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
