import * as Actor from "../actor.ts";
import { Row } from "../job/row.ts";
import { isTerminal } from "../job/status.ts";
import * as Search from "../search/index.ts";
import * as Table from "../table/index.ts";
import * as Upload from "../upload/index.ts";
import { Row as UploadRow } from "../upload/row.ts";
import { indexJobs } from "./index-jobs.ts";
import * as Notify from "./notify.ts";
import { reconcileJob } from "./reconcile-job.ts";
import { purgeAgain } from "./remove.ts";

/** Longer than an encoder was ever silent about a job that it worked on. */
const SILENT_MS = 15 * 60_000;

/**
 * The maximum time to list what is due, to handle a row, and to postpone one. Together they stay below the function's
 * timeout of a minute, so that a call that never responds delays no other row.
 */
const STEP_TIMEOUT_MS = 15_000;

/** When a row that failed is tried again: after all others that are due. */
const POSTPONE_MS = 5 * 60_000;

/** How long jobs have waited for an update, as of one run. */
export interface Silence {
  /** Jobs without an update for a quarter of an hour. */
  jobs: number;
  /** How long the oldest of the checked jobs has waited. */
  oldestSeconds: number;
}

export interface Report {
  /** Receives how long jobs have waited, before anything is done about it. */
  onSilence?: (silence: Silence) => void;
  /** Receives each row that failed: its key without its content, and the error. */
  onFailure?: (failure: { row: string; error: unknown }) => void;
}

const HANDLERS: Record<Table.Due, (row: Table.Row) => Promise<void>> = {
  job: reconcileJob,
  upload: async (row) => Upload.settle(UploadRow.parse(row)),
  tombstone: async (row) => purgeAgain(String(row.id)),
  notice: async (row) => Notify.send(Notify.Notice.parse(row)),
  search: async (row) => indexJobs(Search.State.parse(row)),
  sort: async (row) => indexJobs(Search.State.parse(row)),
};
const KINDS = [
  "job",
  "upload",
  "tombstone",
  "notice",
  "search",
  "sort",
] as const satisfies Table.Due[];

/**
 * Continues everything that has stopped reporting: jobs without updates, stale uploads, remains of deleted
 * jobs, mails that were not sent, and rows of searches and orders that are missing. Every step is safe to repeat and to run beside the functions
 * themselves. A row that fails or takes too long is reported and tried again five minutes later. The other rows go on, and
 * the run does not fail, because Lambda would repeat it at once and leave a dead-letter message every
 * minute. Throws an AggregateError if the table could not list what is due, after it has handled
 * everything that it could list.
 */
export async function run(report: Report = {}): Promise<void> {
  Actor.system();
  const now = new Date().toISOString();
  const listed = await Promise.allSettled(KINDS.map((kind) => inTime(Table.due(kind, now))));
  const rows = listed.map((one) => (one.status === "fulfilled" ? one.value : []));
  report.onSilence?.(silenceOf(rows[0] ?? [], now));
  await Promise.all(
    KINDS.flatMap((kind, at) => (rows[at] ?? []).map((row) => handle(row, HANDLERS[kind], report))),
  );
  const errors = listed.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, "The table could not list what is due.");
}

async function handle(
  row: Table.Row,
  handler: (row: Table.Row) => Promise<void>,
  { onFailure }: Report,
): Promise<void> {
  try {
    await inTime(handler(row));
  } catch (error) {
    onFailure?.({ row: `${row.pk} ${row.sk}`, error });
    await inTime(postpone(row)).catch((error) =>
      onFailure?.({ row: `${row.pk} ${row.sk}`, error }),
    );
  }
}

/** Rejects with a TimeoutError if a step takes too long. The step itself goes on. */
function inTime<R>(step: Promise<R>): Promise<R> {
  const signal = AbortSignal.timeout(STEP_TIMEOUT_MS);
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return Promise.race([step, promise]);
}

/** Moves a row behind the others, unless its time has changed in the meantime. */
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
    // A row that cannot be parsed fails its own check below, and no other row's.
    const job = Row.safeParse(row).data;
    if (!job || isTerminal(job.status)) return [];
    return Date.parse(now) - Date.parse(job.time.updated);
  });
  return {
    jobs: waits.filter((wait) => wait > SILENT_MS).length,
    oldestSeconds: Math.round(Math.max(0, ...waits) / 1000),
  };
}
