/** What Lambda passes to a handler: its context, and the event of an SQS queue. */
import { createHash } from "node:crypto";
import { ACCOUNT_ID, arn } from "../wire/account.ts";

export function handlerContext(call: {
  functionName: string;
  awsRequestId: string;
  timeoutMs: number;
  region: string;
}) {
  const { functionName, awsRequestId, timeoutMs, region } = call;
  const deadline = Date.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn("lambda", region, `function:${functionName}`),
    memoryLimitInMB: "1024",
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

export interface ReceivedMessage {
  id: string;
  body: string;
  sentMs: number;
  receiveCount: number;
  firstReceivedMs?: number;
}

export const sqsEvent = (queue: string, region: string, messages: ReceivedMessage[]) => ({
  Records: messages.map(({ id, body, sentMs, receiveCount, firstReceivedMs = sentMs }) => ({
    messageId: id,
    receiptHandle: `${id}#${receiveCount}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentMs),
      SenderId: ACCOUNT_ID,
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
    },
    messageAttributes: {},
    md5OfBody: createHash("md5").update(body).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: arn("sqs", region, queue),
    awsRegion: region,
  })),
});
