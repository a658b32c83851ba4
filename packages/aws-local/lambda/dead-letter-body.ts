/**
 * The body of a dead-letter message in AWS's format: for a queue, the message as it was sent; for an
 * asynchronous invocation or a stream, Lambda's invocation record.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
import { arn } from "../wire/account.ts";
import type { DeadLetter } from "./store.ts";

/** The body of a dead-letter message. `region` is the region in its ARNs. */
export function deadLetterBody(deadLetter: DeadLetter, region: string): string {
  const { origin, payload, attempts, time, error } = deadLetter;
  if (origin.kind === "queue") return String(payload);
  const isStream = origin.kind === "stream";
  const record = {
    version: "1.0",
    timestamp: time,
    requestContext: {
      requestId: messageIdOf(deadLetter),
      functionArn: arn("lambda", region, `function:${origin.function}`),
      condition: isStream ? "RetryAttemptsExhausted" : "RetriesExhausted",
      approximateInvokeCount: attempts,
    },
  };
  const responseContext = {
    statusCode: 200,
    executedVersion: "$LATEST",
    functionError: "Unhandled",
  };
  if (!isStream) {
    return JSON.stringify({
      ...record,
      requestPayload: payload,
      responseContext,
      responsePayload: errorResponse(error),
    });
  }
  // It does not contain the changed rows, as on AWS: clients read them from the stream while it has them.
  return JSON.stringify({
    ...record,
    responseContext,
    DDBStreamBatchInfo: {
      shardId: origin.shard,
      startSequenceNumber: origin.sequence,
      endSequenceNumber: origin.sequence,
      approximateArrivalOfFirstRecord: time,
      approximateArrivalOfLastRecord: time,
      batchSize: 1,
      streamArn: origin.arn,
    },
  });
}

/** The UUID in a row's id, which begins with the time. */
export const messageIdOf = ({ id }: Pick<DeadLetter, "id">) => id.slice(-36);

/** What a handler threw, in Lambda's response format. */
export function errorResponse(text: string): { errorType: string; errorMessage: string } {
  const [, errorType = "Error", errorMessage = text] = /^([\w.]+): ([\s\S]*)$/.exec(text) ?? [];
  return { errorType, errorMessage };
}
