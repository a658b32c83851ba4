import * as Actor from "../actor.ts";
import { requireExisting } from "../job/row.ts";
import { step } from "../job/timeline.ts";
import * as Table from "../table/index.ts";
import { suppress } from "../user/suppression.ts";
import type { Feedback } from "./feedback-event.ts";

/**
 * Records what happened to a mail: a step of its job's timeline and, if the address cannot receive mail,
 * an entry in the suppression list. Repeated and late events change nothing: of each step the earliest
 * stays, and an address that was unsuppressed after the event gets mail.
 */
export async function recordFeedback(feedback: Feedback): Promise<void> {
  Actor.system();
  const { jobId, attempt, type, time, reason, suppresses } = feedback;
  if (suppresses) {
    for (const address of feedback.addresses) {
      await suppress({ address, reason: suppresses, time, said: reason });
    }
  }
  await Table.transact([
    // A deleted job has no timeline.
    requireExisting(jobId),
    step({
      jobId,
      attempt,
      type,
      time,
      keepEarliest: true,
      // A mailbox that was full at first may later turn out not to exist.
      label: type === "mail.bounced" ? (suppresses ? "permanent" : "transient") : undefined,
      detail: reason === undefined ? undefined : { reason },
    }),
  ]);
}
