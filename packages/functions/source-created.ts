import { processPartialResponse } from "@aws-lambda-powertools/batch";
import { withActor } from "@rushes/core/actor";
import { receive } from "@rushes/core/pipeline/receive";
import { parseNotification } from "@rushes/core/source/object";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { batch, logged, options } from "./batch.ts";

/** S3's notifications about the uploads bucket, from their queue. */
export const handler = (event: SQSEvent) =>
  processPartialResponse(event, logged(receiveAll), batch("SQS"), {
    ...options,
    processInParallel: true,
  });

function receiveAll(record: SQSRecord): Promise<void> {
  return withActor({ type: "system" }, async () => {
    for (const object of parseNotification(record.body)) await receive(object);
  });
}
