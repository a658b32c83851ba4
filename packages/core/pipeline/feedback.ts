/** What became of a mail after SES took it, by the events of our configuration set on the bus. */
import * as z from "zod";
import * as Actor from "../actor.ts";
import { JobId } from "../id.ts";
import type { Event } from "../job/schema.ts";
import { step } from "../job/timeline.ts";
import * as Table from "../table/index.ts";
import * as Address from "../user/suppression.ts";

const Time = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());
const Recipient = z.looseObject({ emailAddress: z.string() });
const Mail = z.looseObject({
  destination: z.array(z.string()).default([]),
  /** Each with a list of values; ours are those that notify sent along. */
  tags: z.record(z.string(), z.array(z.string())).default({}),
});
const Detail = z.discriminatedUnion("eventType", [
  z.looseObject({
    eventType: z.literal("Delivery"),
    mail: Mail,
    delivery: z.looseObject({ timestamp: Time }),
  }),
  z.looseObject({
    eventType: z.literal("Bounce"),
    mail: Mail,
    bounce: z.looseObject({
      bounceType: z.string(),
      bounceSubType: z.string().default(""),
      bouncedRecipients: z.array(
        Recipient.extend({ diagnosticCode: z.string().optional(), status: z.string().optional() }),
      ),
      timestamp: Time,
    }),
  }),
  z.looseObject({
    eventType: z.literal("Complaint"),
    mail: Mail,
    complaint: z.looseObject({
      complainedRecipients: z.array(Recipient),
      complaintFeedbackType: z.string().nullish(),
      timestamp: Time,
    }),
  }),
  z.looseObject({
    eventType: z.literal("Reject"),
    mail: Mail,
    reject: z.looseObject({ reason: z.string().default("") }),
  }),
  z.looseObject({
    eventType: z.literal("Rendering Failure"),
    mail: Mail,
    failure: z.looseObject({ errorMessage: z.string().default("") }),
  }),
]);
const Envelope = z.looseObject({ source: z.literal("aws.ses"), time: Time, detail: Detail });

/** One thing that happened to one mail. */
export interface Feedback {
  jobId: JobId;
  attempt: number;
  type: Extract<Event["type"], `mail.${"delivered" | "bounced" | "complained" | "rejected"}`>;
  time: string;
  addresses: string[];
  /** In the words of the server that refused it. */
  reason?: string;
  /** Why nothing may be sent to these addresses any more; absent for what may pass by itself. */
  holds?: Address.Reason;
}

/** The words that go with a mail, so that its events find their job. SES allows letters, digits, `_`, `-`. */
export const tagsOf = (of: { jobId: JobId; attempt: number }) => [
  { Name: "job_id", Value: of.jobId },
  { Name: "attempt", Value: String(of.attempt) },
];

/**
 * Reads an event of the bus; undefined for a mail that no job of ours sent.
 * Throws a ZodError for what is no event of SES that we asked for.
 */
export function parse(event: unknown): Feedback | undefined {
  const { time, detail } = Envelope.parse(event);
  const { destination, tags } = detail.mail;
  const jobId = JobId.safeParse(tags.job_id?.[0]);
  const attempt = z.coerce.number().int().min(1).safeParse(tags.attempt?.[0]);
  if (!jobId.success || !attempt.success) return undefined;
  const of = { jobId: jobId.data, attempt: attempt.data };
  switch (detail.eventType) {
    case "Delivery":
      return {
        ...{ ...of, type: "mail.delivered", time: detail.delivery.timestamp },
        addresses: destination,
      };
    case "Bounce": {
      const { bounceType, bounceSubType, bouncedRecipients, timestamp } = detail.bounce;
      const [first] = bouncedRecipients;
      const reason =
        first?.diagnosticCode ?? [first?.status, bounceSubType].filter(Boolean).join(" ");
      return {
        ...{ ...of, type: "mail.bounced", time: timestamp },
        addresses: bouncedRecipients.map(({ emailAddress }) => emailAddress),
        ...said(reason),
        // "Transient" and "Undetermined" may be a full mailbox: the next mail may arrive.
        ...(bounceType === "Permanent" && { holds: "bounced" }),
      };
    }
    case "Complaint": {
      const { complainedRecipients, complaintFeedbackType: kind, timestamp } = detail.complaint;
      return {
        ...{ ...of, type: "mail.complained", time: timestamp },
        addresses: complainedRecipients.map(({ emailAddress }) => emailAddress),
        ...said(kind ?? ""),
        // The recipient took it out of the spam folder.
        ...(kind !== "not-spam" && { holds: "complained" }),
      };
    }
    // Neither says when: the bus does.
    case "Reject":
      return { ...of, type: "mail.rejected", time, addresses: [], ...said(detail.reject.reason) };
    case "Rendering Failure":
      return {
        ...{ ...of, type: "mail.rejected", time, addresses: [] },
        ...said(detail.failure.errorMessage),
      };
    default:
      return detail satisfies never;
  }
}

/** A server's words can be long, and go into a row and onto a page. */
const said = (reason: string) => {
  const text = reason.replace(/\s+/g, " ").trim().slice(0, 300);
  return text === "" ? {} : { reason: text };
};

/**
 * Writes down what became of a mail: a step of its job's timeline, and that its address may not be
 * written to any more. Repeated and late events change nothing: of each step the earliest stays, and an
 * address that was let go of later than the event stays free.
 */
export async function hear(feedback: Feedback): Promise<void> {
  Actor.system();
  const { jobId, attempt, type, time, addresses, reason, holds } = feedback;
  if (holds) {
    for (const address of addresses)
      await Address.hold({ address, reason: holds, time, said: reason });
  }
  await Table.transact([
    {
      ConditionCheck: {
        TableName: Table.tableName(),
        Key: Table.key.job(jobId),
        // A deleted job has no timeline any more.
        ConditionExpression: "attribute_exists(pk) AND #status <> :deleted",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":deleted": "deleted" },
      },
    },
    step({
      ...{ jobId, attempt, type, time, keepEarliest: true },
      // A mailbox that was full at first may turn out to be gone.
      ...(type === "mail.bounced" && { label: holds ? "permanent" : "transient" }),
      ...(reason !== undefined && { detail: { reason } }),
    }),
  ]);
}
