import * as Table from "../table/index.ts";
import { kept } from "./playing.ts";
import { indexes, type Row } from "./row.ts";
import type { Status } from "./status.ts";

/**
 * The write that starts the next attempt of a job, under new keys. What has landed keeps playing until
 * the new one is complete. It fails when the job has a newer
 * attempt, or is in none of the statuses `from`. `automatic` for the one repetition that no person asked
 * for: an attempt that was started so is not repeated again.
 */
export function nextAttempt(
  row: Row,
  input: { from: Status[]; automatic: boolean; now: number },
): { attempt: number; write: Table.Write } {
  const { from, automatic, now } = input;
  const attempt = row.attempt + 1;
  const time = new Date(now).toISOString();
  const Update = Table.update({
    key: Table.key.job(row.id),
    set: {
      ...indexes({ ...row, status: "received", now }),
      ...{ attempt, status: "received", progressPercent: 0, submitTries: 0, startTries: 0 },
      "time.updated": time,
      earlier: kept(row),
      // Nobody submits it but reconcile, which runs once a minute.
      ...(automatic && { automatic, ...Table.index.due("job", row.id, time) }),
    },
    remove: [
      ...["failure", "warnings", "encoderJobId", "landed", "posterKey", "submitLease", "waiting"],
      ...["time.submitted", "time.started", "time.ended"],
      ...(automatic ? [] : ["automatic"]),
    ],
    condition: `#attempt = :attempt AND #status IN (${from.map((_, at) => `:from${at}`).join(", ")})`,
    values: {
      ":attempt": row.attempt,
      ...Object.fromEntries(from.map((status, at) => [`:from${at}`, status])),
    },
  });
  return { attempt, write: { Update } };
}
