import type { Row } from "../job/row.ts";
import { stepOf } from "../job/timeline.ts";
import { transition } from "../job/transition.ts";

/**
 * Moves a job to `checking`: the encoder has finished, and what it wrote is not yet checked. Changes nothing if the job
 * has that status or has ended.
 */
export async function beginCheck(job: Row, encoderJobId?: string): Promise<void> {
  if (job.status === "checking") return;
  await transition({
    row: job,
    to: "checking",
    set: encoderJobId === undefined ? {} : { encoderJobId },
    remove: ["waiting"],
    with: [stepOf(job, "job.checking")],
  });
}
