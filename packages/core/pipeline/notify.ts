import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import * as z from "zod";
import * as Actor from "../actor.ts";
import { JobId } from "../id.ts";
import { StoredFailure } from "../job/failure.ts";
import { playing } from "../job/playing.ts";
import { type Row, read } from "../job/row.ts";
import type { Event } from "../job/schema.ts";
import { NOTIFIED } from "../job/status.ts";
import { step } from "../job/timeline.ts";
import { resource } from "../resource.ts";
import * as Table from "../table/index.ts";
import { read as readUser } from "../user/row.ts";
import { suppressionOf } from "../user/suppression.ts";
import { tagsOf } from "./feedback-event.ts";
import { compose } from "./mail-text.ts";

// One try: SES has no idempotency key, so a retry inside the SDK could send twice. Rushes retries the
// notice instead.
const mailer = new SESv2Client({ maxAttempts: 1, requestHandler: { requestTimeout: 10_000 } });

/** Longer than any function that sends may run, so the holder of an expired lease is dead. */
const LEASE_MS = 60_000;
const MAX_TRIES = 12;
/** Errors about this mail or address alone. Access, quotas and a paused account can be fixed. */
const PERMANENT = ["MessageRejected", "BadRequestException"];

export const Notice = z.object({
  jobId: JobId,
  attempt: z.number().int(),
  state: z.enum(["due", "sending", "sent", "failed", "withheld"]),
  tries: z.number().int(),
  outcome: z.enum(NOTIFIED),
  failure: StoredFailure.optional(),
});
type Notice = z.infer<typeof Notice>;

/**
 * Sends the mail about an attempt that has ended, unless it was sent or another process is sending it.
 * The notice was written with the status, and stays due until SES's response is recorded. So no mail is
 * lost, and a mail is sent twice only if the process died between the response and the record, or if the
 * response was lost.
 */
export async function send(of: { jobId: JobId; attempt: number }): Promise<void> {
  Actor.system();
  const now = Date.now();
  const [job, leased] = await Promise.all([read(of.jobId), lease(of, now)]);
  if (!leased) return;
  const notice = Notice.parse(leased);
  const user = job && (await readUser(job.ownerId));
  // No mail about a deleted job, and no mail to a disabled user.
  if (!job || job.status === "deleted" || user?.disabled) {
    await Table.removeAll([Table.key.notice(of.jobId, of.attempt)]);
    return;
  }
  const url = `${resource().Settings.siteUrl}/jobs/${job.id}`;
  const mail = compose({
    title: job.title,
    status: notice.outcome,
    failure: notice.failure,
    url,
    made: playing(job).landed,
    stillPlays: job.earlier !== undefined,
  });
  // The current address. The job has the address that its owner had at the time of the upload.
  const to = user?.email ?? job.ownerEmail;
  const suppression = await suppressionOf(to);
  if (suppression) {
    return settle(job, notice, { state: "withheld", detail: { reason: suppression.reason } });
  }
  // SES's own events may be faster than this record, and must not sort before it.
  const time = new Date().toISOString();
  const outcome = await post(to, mail, of);
  if (outcome === "later" && notice.tries < MAX_TRIES) await release(notice, now);
  else await settle(job, notice, { state: outcome === "sent" ? "sent" : "failed", time });
}

async function lease(of: { jobId: JobId; attempt: number }, now: number) {
  return Table.apply(
    Table.update({
      key: Table.key.notice(of.jobId, of.attempt),
      set: {
        state: "sending",
        leaseUntil: new Date(now + LEASE_MS).toISOString(),
        ...Table.index.due("notice", of.jobId, new Date(now + LEASE_MS).toISOString()),
      },
      add: { tries: 1 },
      condition: "#state = :due OR (#state = :sending AND #leaseUntil < :now)",
      values: { ":due": "due", ":sending": "sending", ":now": new Date(now).toISOString() },
    }),
  );
}

async function post(
  to: string,
  mail: ReturnType<typeof compose>,
  of: { jobId: JobId; attempt: number },
): Promise<"sent" | "rejected" | "later"> {
  const { sender, configSet } = resource().Email;
  const content = (Data: string) => ({ Data, Charset: "UTF-8" });
  try {
    await mailer.send(
      new SendEmailCommand({
        FromEmailAddress: sender,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: content(mail.subject),
            Body: { Text: content(mail.text), Html: content(mail.html) },
          },
        },
        EmailTags: tagsOf(of),
        ConfigurationSetName: configSet,
      }),
    );
    return "sent";
  } catch (error) {
    return error instanceof Error && PERMANENT.includes(error.name) ? "rejected" : "later";
  }
}

/** Releases the lease. The next try is after a minute, then two, up to an hour. */
async function release(notice: Notice, now: number): Promise<void> {
  const waitMs = Math.min(3_600_000, 60_000 * 2 ** (notice.tries - 1));
  const due = new Date(now + waitMs).toISOString();
  await Table.apply(
    Table.update({
      key: Table.key.notice(notice.jobId, notice.attempt),
      set: { state: "due", ...Table.index.due("notice", notice.jobId, due) },
      condition: "#state = :sending",
      values: { ":sending": "sending" },
    }),
  );
}

interface Settled {
  state: "sent" | "failed" | "withheld";
  time?: string;
  detail?: Event["detail"];
}

async function settle(job: Row, notice: Notice, settled: Settled): Promise<void> {
  const { state, time = new Date().toISOString(), detail } = settled;
  await Table.transact([
    {
      Update: Table.update({
        key: Table.key.notice(notice.jobId, notice.attempt),
        set: { state, settled: time },
        remove: ["duePk", "dueSk", "leaseUntil"],
        condition: "#state = :sending",
        values: { ":sending": "sending" },
      }),
    },
    step({ jobId: job.id, attempt: notice.attempt, type: `mail.${state}`, time, detail }),
  ]);
}
