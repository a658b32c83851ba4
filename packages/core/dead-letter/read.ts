/** Parses messages of the dead-letter queues, in each format that AWS uses. */
import type { Message } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { DeadLetterMessage } from "./schema.ts";

const MAX_TEXT = 300;
/** Enough to fill a line after the redactions. A message may have a megabyte, and searching it costs time. */
const MAX_READ = 3000;

/** Lambda's record of an invocation that failed. For a stream it has no payload. */
const Invocation = z.object({
  timestamp: z.string(),
  requestContext: z.object({
    condition: z.string(),
    approximateInvokeCount: z.number().int().positive(),
  }),
  requestPayload: z.unknown().optional(),
  responsePayload: z
    .object({ errorType: z.string().optional(), errorMessage: z.string().optional() })
    .nullable()
    .catch(null)
    .optional(),
  DDBStreamBatchInfo: z
    .object({ batchSize: z.number(), startSequenceNumber: z.string() })
    .optional(),
});
/** An event that EventBridge could not deliver to Lambda, as the rule matched it. */
const BusEvent = z.looseObject({ "detail-type": z.string(), source: z.string() });
const S3Event = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({ key: z.string() }),
        }),
      }),
    )
    .min(1),
});
const Encoder = z.object({
  "detail-type": z.string(),
  detail: z.object({
    status: z.string(),
    jobId: z.string().optional(),
    userMetadata: z.object({ jobId: z.string().optional() }).optional(),
  }),
});

/** The event to invoke a function with again. Undefined if the message has none. */
export function payloadOf(body: string | undefined): { payload: unknown } | undefined {
  const json = parse(body);
  const invocation = Invocation.safeParse(json);
  if (invocation.success && invocation.data.requestPayload !== undefined) {
    return { payload: invocation.data.requestPayload };
  }
  const event = BusEvent.safeParse(json);
  return event.success ? { payload: event.data } : undefined;
}

/** A dead-letter message as admins see it. */
export function messageOf(queue: string, message: Message): DeadLetterMessage {
  const json = parse(message.Body);
  const of = { queue, id: message.MessageId ?? "" };
  const invocation = Invocation.safeParse(json);
  if (!invocation.success) {
    const error = message.MessageAttributes?.ERROR_MESSAGE?.StringValue;
    return {
      ...of,
      time: sentTime(message),
      reason: redact(error ?? "It was received as often as its queue allows."),
      summary: redact(summaryOf(json)),
    };
  }
  const { timestamp, requestContext, responsePayload, requestPayload, DDBStreamBatchInfo } =
    invocation.data;
  const { errorType, errorMessage } = responsePayload ?? {};
  const said = [errorType, errorMessage].filter(Boolean).join(": ");
  return {
    ...of,
    time: isoOf(timestamp) ?? sentTime(message),
    reason: redact(said || requestContext.condition),
    attempts: requestContext.approximateInvokeCount,
    summary: redact(
      DDBStreamBatchInfo
        ? `${DDBStreamBatchInfo.batchSize} changed rows from ${DDBStreamBatchInfo.startSequenceNumber} on`
        : summaryOf(requestPayload),
    ),
  };
}

function summaryOf(payload: unknown): string {
  const stored = S3Event.safeParse(payload);
  if (stored.success) {
    return stored.data.Records.map(
      ({ eventName, s3 }) => `${eventName} ${s3.bucket.name}/${plain(s3.object.key)}`,
    ).join(", ");
  }
  const encoder = Encoder.safeParse(payload);
  if (encoder.success) {
    const { status, userMetadata, jobId = "" } = encoder.data.detail;
    return `${encoder.data["detail-type"]} ${status} ${userMetadata?.jobId ?? jobId}`.trim();
  }
  return typeof payload === "string" ? payload : (JSON.stringify(payload) ?? "nothing");
}

/**
 * A text that grants no access: URLs lose their query, which may hold signatures, and share links and keys lose their
 * secret part. Cut to one line.
 */
export function redact(text: string): string {
  const clean = text
    .slice(0, MAX_READ)
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s"'<>?#\\]*)[?#][^\s"'<>\\]*/gi, "$1?…")
    .replace(/\bX-Amz-[\w-]+=[^\s"'&<>\\]*/gi, "X-Amz-…")
    .replace(/(\/(?:watch|embed)\/)[\w.~-]+/g, "$1…")
    .replace(/\brsh_\w+/g, "rsh_…")
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean;
}

/** Decodes a key. S3 encodes keys in its events like form data. */
function plain(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

function parse(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? "");
  } catch {
    return body;
  }
}

const isoOf = (text: string) => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};

/** When the message was sent to its queue. */
export function sentTime({ Attributes }: Message): string {
  const sent = Number(Attributes?.SentTimestamp);
  return new Date(Number.isFinite(sent) ? sent : 0).toISOString();
}
