import { failureOf, isTransient } from "../encoder/failure.ts";
import type { EncoderOutput } from "../encoder/update.ts";
import { nextAttempt } from "../job/attempt.ts";
import type { Failure } from "../job/failure.ts";
import type { Row } from "../job/row.ts";
import { before } from "../job/status.ts";
import { step, stepOf } from "../job/timeline.ts";
import { transition } from "../job/transition.ts";
import { scrub } from "../scrub.ts";
import { stateOf } from "../source/storage.ts";
import * as Table from "../table/index.ts";
import { beginCheck, checkOutputs, inspectOutputs } from "./check.ts";
import type { Fault } from "./compare.ts";
import { collect, recording, rows } from "./land.ts";
import { warn } from "./warn.ts";

/**
 * Checks and completes an attempt. The encoder writes its files before it reports that it is done, so every
 * file is recorded in the transaction that completes the job: `complete` means that every rendition plays.
 */
export async function complete(
  job: Row,
  { encoderJobId, outputs }: { encoderJobId: string; outputs: readonly EncoderOutput[] },
): Promise<void> {
  // At the same time, because a person is waiting.
  const begun = beginCheck(job, encoderJobId);
  const [source, renditions, inspection] = await Promise.all([
    stateOf(job.source),
    collect(job),
    inspectOutputs(job),
    begun,
  ]).finally(() => Promise.allSettled([begun])); // After an error, no write may follow the one of the next try.
  // Another tool may have replaced the source while the encoder read it, and this event may come before
  // the one of the new object. The renditions may show either video.
  if (source === "replaced") return fail(job, { type: "source.replaced" });
  const { fault, warnings } = checkOutputs(job, inspection, renditions, outputs);
  if (fault) return fail(job, reportFault(fault, encoderJobId));
  await warn(job, warnings);
  const { set, add } = recording(renditions);
  await transition({
    row: job,
    to: "complete",
    set: { progressPercent: 100, encoderJobId, ...set },
    add,
    remove: ["earlier"],
    with: [...rows(job, renditions), stepOf(job, "job.complete")],
    notify: true,
  });
}

/**
 * Ends an attempt with a failure and notifies the owner. A transient fault of the machine is repeated
 * first, once and without a mail. The repetition is a new attempt and not a retry inside the encoder, so
 * that AWS's encoder and the local one behave alike, and it has its own keys, so that files of the first
 * attempt do not mix in. Reconcile submits it within a minute: that gives the storage time to recover, and
 * this function needs no permission to submit.
 */
export async function fail(job: Row, failure: Failure): Promise<void> {
  if (isTransient(failure) && !job.automatic && (await repeat(job, failure))) return;
  const failed = failedStep(job, failure);
  // Reconcile deletes a stream that was published while it was encoded.
  const due = Table.index.due("job", job.id, new Date().toISOString());
  const set = job.landed.includes("hls") ? { failure, ...due } : { failure };
  await transition({ row: job, to: "error", set, with: [failed], notify: true });
}

function failedStep(job: Row, failure: Failure): Table.Write {
  const { type: reason } = failure;
  if (reason !== "encoder.output") return stepOf(job, "job.error", { reason });
  return stepOf(job, "job.error", { reason, label: failure.label, problem: failure.problem });
}

/** False if the job has changed: then there is nothing to repeat. */
async function repeat(job: Row, failure: Failure): Promise<boolean> {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const { attempt, write } = nextAttempt(job, { from: before("error"), automatic: true, now });
  const detail = { automatic: failure.type };
  return Table.transact([
    write,
    failedStep(job, failure),
    step({ jobId: job.id, attempt, type: "job.retried", time, detail }),
  ]);
}

/** The failure of an attempt whose encoder reported success, but did not write this output. */
function reportFault(fault: Fault, errorId: string): Failure {
  const failure: Failure = { type: "encoder.output", ...fault, errorId };
  console.error(JSON.stringify({ failure: failure.type, ...fault, errorId }));
  return failure;
}

/** The failure in an encoder's error. The encoder's own message goes to the log only. */
export function reported(error: { code: number; message: string; encoderJobId: string }): Failure {
  const { code, encoderJobId: errorId } = error;
  const failure = failureOf({ code, message: error.message, errorId });
  const message = scrub(error.message).slice(0, 1000);
  console.error(JSON.stringify({ failure: failure.type, errorId, code, message }));
  return failure;
}
