/** Events that the stack emits, and records as functions receive them. */
import { marshall } from "@aws-sdk/util-dynamodb";
import type { BusEvent } from "@rushes/aws-local/lambda/index";
import type { StateChangeEvent } from "@rushes/aws-local/mediaconvert/events";
import type { DynamoDBRecord } from "aws-lambda";

/** An event of S3 for a queue, of the encoder, or of the mail service. */
export type EmittedEvent =
  | { queue: string; body: string }
  | { bus: StateChangeEvent }
  | { mail: BusEvent };

/** Matches an S3 event for this queue whose body contains the text. */
export const isObject = (queue: string, text: string) => (one: EmittedEvent) =>
  "queue" in one && one.queue === queue && one.body.includes(text);

/** Matches an encoder event about a job. */
export const isBus = (status: string, jobId: string) => (one: EmittedEvent) =>
  "bus" in one &&
  one.bus.detail.status === status &&
  JSON.stringify(one.bus.detail.userMetadata).includes(jobId);

/** The stream record of a row, as job-changed receives it. */
export function streamRecord(row: Record<string, unknown>): DynamoDBRecord {
  // Through JSON, as the stream's poller delivers it: the SDK's type differs from Lambda's.
  const NewImage = JSON.parse(JSON.stringify(marshall(row, { removeUndefinedValues: true })));
  return { eventID: "1", eventName: "MODIFY", dynamodb: { SequenceNumber: "1", NewImage } };
}

/** A message as SQS delivers it to a function. */
export function message(body: string, messageId = "m-1") {
  return {
    messageId,
    receiptHandle: "r-1",
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "s3",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:source-created",
    awsRegion: "us-east-1",
  };
}
