import { type Row, read } from "../job/row.ts";
import { step } from "../job/timeline.ts";
import { patch } from "../job/transition.ts";
import type { Warning } from "../source/warning.ts";
import * as Table from "../table/index.ts";

/** Records each kind of warning about an attempt once. The attempt continues. */
export async function warn(job: Row, warnings: readonly Warning[]): Promise<void> {
  const known = job.warnings ?? [];
  const added = warnings.filter(({ type }) => !known.some((one) => one.type === type));
  if (added.length === 0) return;
  const time = new Date().toISOString();
  const { id: jobId, attempt } = job;
  const steps = added.map(({ type }) =>
    step({ jobId, attempt, time, type: "encoder.warned", label: type, detail: { reason: type } }),
  );
  const written = await Table.transact([
    { Update: patch(job, { set: { warnings: [...known, ...added] }, ...unchanged(known) }) },
    ...steps,
  ]);
  if (written) return;
  // Another event has added one, or the job has a newer attempt.
  const current = await read(jobId);
  if (!current || current.status === "deleted" || current.attempt !== attempt) return;
  if ((current.warnings ?? []).length > known.length) await warn(current, warnings);
}

/** The condition that no warning was added since the job was read. */
function unchanged(known: readonly Warning[]): { condition: string; values?: Table.Row } {
  if (known.length === 0) return { condition: "attribute_not_exists(#warnings)" };
  return { condition: "size(#warnings) = :known", values: { ":known": known.length } };
}
