/**
 * The body of a dead letter as AWS writes it: a queue's message as it was sent; for what Lambda gave up
 * on, the record of the invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
import type { DeadLetter } from "./store.ts";

const ACCOUNT = "000000000000";

/** A letter's body; `region` is that of the names in it. */
export function bodyOf(letter: DeadLetter, region: string): string {
  const { origin, payload, attempts, time } = letter;
  if (origin.kind === "queue") return String(payload);
  const responseContext = {
    statusCode: 200,
    executedVersion: "$LATEST",
    functionError: "Unhandled",
  };
  const record = {
    version: "1.0",
    timestamp: time,
    requestContext: {
      requestId: uuidOf(letter),
      functionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:${origin.function}`,
      condition:
        origin.kind === "stream"
          ? ("RetryAttemptsExhausted" as const)
          : ("RetriesExhausted" as const),
      approximateInvokeCount: attempts,
    },
  };
  if (origin.kind === "function") {
    return JSON.stringify({
      ...record,
      requestPayload: payload,
      responseContext,
      responsePayload: errorOf(letter.error),
    });
  }
  // The changed rows themselves are not in it, as on AWS: they are read from the stream while it has them.
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

/** The uuid in a row's id, which begins with the time. */
export const uuidOf = ({ id }: Pick<DeadLetter, "id">) => id.slice(-36);

/** What a handler threw, in the form of Lambda's answer. */
export function errorOf(text: string): { errorType: string; errorMessage: string } {
  const [, errorType = "Error", errorMessage = text] = /^([\w.]+): ([\s\S]*)$/.exec(text) ?? [];
  return { errorType, errorMessage };
}
