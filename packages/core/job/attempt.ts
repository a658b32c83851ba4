import * as Table from "../table/index.ts";
import { kept } from "./playing.ts";
import { indexes, type Row } from "./row.ts";
import type { Status } from "./status.ts";

/** Attributes that belong to one attempt. */
const OF_ATTEMPT = [
  "failure",
  "warnings",
  "encoderJobId",
  "expected",
  "landed",
  "posterKey",
  "submitLease",
  "finishTries",
  "waiting",
  "time.submitted",
  "time.started",
  "time.ended",
];

/**
 * The write that starts the next attempt of a job, under new keys. Renditions that exist keep playing
 * until the new attempt is complete. The write fails if the job has a newer attempt, or if its status is
 * not in `from`. `automatic` is true for the one repetition that no person requested: an automatic attempt
 * is not repeated again.
 */
export function nextAttempt(
  row: Row,
  input: { from: Status[]; automatic: boolean; profile?: string | undefined; now: number },
): { attempt: number; write: Table.Write } {
  const { automatic, now } = input;
  const attempt = row.attempt + 1;
  const time = new Date(now).toISOString();
  const from = Table.oneOf("status", input.from);
  // Others are about the last attempt.
  const warnings = row.warnings?.filter(({ type }) => type === "captions.file") ?? [];
  const ofAttempt = OF_ATTEMPT.filter((name) => name !== "warnings" || warnings.length === 0);
  const Update = Table.update({
    key: Table.key.job(row.id),
    set: {
      ...indexes({ ...row, status: "received", now }),
      attempt,
      profile: input.profile ?? row.profile,
      status: "received",
      progressPercent: 0,
      submitTries: 0,
      startTries: 0,
      "time.updated": time,
      earlier: kept(row),
      ...(warnings.length > 0 && { warnings }),
      // Only reconcile submits it, which runs once a minute.
      ...(automatic ? { automatic, ...Table.index.due("job", row.id, time) } : {}),
    },
    remove: automatic ? ofAttempt : [...ofAttempt, "automatic"],
    condition: `#attempt = :attempt AND ${from.condition}`,
    values: { ":attempt": row.attempt, ...from.values },
  });
  return { attempt, write: { Update } };
}
