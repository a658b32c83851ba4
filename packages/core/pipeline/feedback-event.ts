/** Parses SES's events about what happened to a mail after SES accepted it. */
import * as z from "zod";
import { JobId } from "../id.ts";
import type { Event } from "../job/schema.ts";
import type { Reason } from "../user/suppression.ts";

const Time = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());
const Recipient = z.looseObject({ emailAddress: z.string() });
const Mail = z.looseObject({
  destination: z.array(z.string()).default([]),
  /** Each tag has a list of values. `notify` adds two tags. */
  tags: z.record(z.string(), z.array(z.string())).default({}),
});
/** An event of this type, and what only it has. */
function about<T extends string, S extends z.core.$ZodLooseShape>(eventType: T, shape: S) {
  return z.looseObject({ eventType: z.literal(eventType), mail: Mail, ...shape });
}

const Bounce = z.looseObject({
  bounceType: z.string(),
  bounceSubType: z.string().default(""),
  bouncedRecipients: z.array(
    Recipient.extend({ diagnosticCode: z.string().optional(), status: z.string().optional() }),
  ),
  timestamp: Time,
});
const Complaint = z.looseObject({
  complainedRecipients: z.array(Recipient),
  complaintFeedbackType: z.string().nullish(),
  timestamp: Time,
});

const Detail = z.discriminatedUnion("eventType", [
  about("Delivery", { delivery: z.looseObject({ timestamp: Time }) }),
  about("Bounce", { bounce: Bounce }),
  about("Complaint", { complaint: Complaint }),
  about("Reject", { reject: z.looseObject({ reason: z.string().default("") }) }),
  about("Rendering Failure", {
    failure: z.looseObject({ errorMessage: z.string().default("") }),
  }),
]);
type Detail = z.infer<typeof Detail>;
const Envelope = z.looseObject({ source: z.literal("aws.ses"), time: Time, detail: Detail });

/** One event about one mail. */
export interface Feedback {
  jobId: JobId;
  attempt: number;
  type: Extract<Event["type"], `mail.${"delivered" | "bounced" | "complained" | "rejected"}`>;
  time: string;
  addresses: string[];
  /** The reason as the rejecting server stated it. */
  reason?: string | undefined;
  /** Why these addresses go on the suppression list. Absent if the cause may be temporary. */
  suppresses?: Reason | undefined;
}

/** The tags of a mail, which connect its events to their job. SES allows letters, digits, `_` and `-`. */
export function tagsOf(of: { jobId: JobId; attempt: number }) {
  return [
    { Name: "job_id", Value: of.jobId },
    { Name: "attempt", Value: String(of.attempt) },
  ];
}

/**
 * Parses an event of the bus. Undefined for a mail that is not about a job. Throws a ZodError for anything
 * that is not an event of SES.
 */
export function parseFeedback(event: unknown): Feedback | undefined {
  const { time, detail } = Envelope.parse(event);
  const { tags } = detail.mail;
  const jobId = JobId.safeParse(tags.job_id?.[0]);
  const attempt = z.coerce.number().int().min(1).safeParse(tags.attempt?.[0]);
  if (!jobId.success || !attempt.success) return undefined;
  return { jobId: jobId.data, attempt: attempt.data, ...outcomeOf(detail, time) };
}

/** `time` is when the event was created: two of the types have no time of their own. */
function outcomeOf(detail: Detail, time: string): Omit<Feedback, "jobId" | "attempt"> {
  switch (detail.eventType) {
    case "Delivery": {
      const { timestamp } = detail.delivery;
      return { type: "mail.delivered", time: timestamp, addresses: detail.mail.destination };
    }
    case "Bounce": {
      const { bounceType, bounceSubType, bouncedRecipients, timestamp } = detail.bounce;
      const [first] = bouncedRecipients;
      const reason =
        first?.diagnosticCode ?? [first?.status, bounceSubType].filter(Boolean).join(" ");
      return {
        type: "mail.bounced",
        time: timestamp,
        addresses: bouncedRecipients.map(({ emailAddress }) => emailAddress),
        reason: shorten(reason),
        // "Transient" and "Undetermined" can mean a full mailbox, so the next mail may arrive.
        suppresses: bounceType === "Permanent" ? "bounced" : undefined,
      };
    }
    case "Complaint": {
      const { complainedRecipients, complaintFeedbackType: kind, timestamp } = detail.complaint;
      return {
        type: "mail.complained",
        time: timestamp,
        addresses: complainedRecipients.map(({ emailAddress }) => emailAddress),
        reason: shorten(kind ?? ""),
        // "not-spam" means that the recipient moved it out of the spam folder.
        suppresses: kind === "not-spam" ? undefined : "complained",
      };
    }
    case "Reject":
      return rejected(time, detail.reject.reason);
    case "Rendering Failure":
      return rejected(time, detail.failure.errorMessage);
    default:
      return detail satisfies never;
  }
}

const rejected = (time: string, reason: string): ReturnType<typeof outcomeOf> => ({
  type: "mail.rejected",
  time,
  addresses: [],
  reason: shorten(reason),
});

/** A server's reason can be long, and it is stored in a row and shown on a page. */
function shorten(reason: string): string | undefined {
  return reason.replace(/\s+/g, " ").trim().slice(0, 300) || undefined;
}
