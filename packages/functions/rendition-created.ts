import { processPartialResponse } from "@aws-lambda-powertools/batch";
import { withActor } from "@rushes/core/actor";
import { land } from "@rushes/core/pipeline/land";
import { parseNotification } from "@rushes/core/source/object";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { batch, logged, options } from "./batch.ts";

/** S3's notifications about the renditions bucket, from their queue. */
export const handler = (event: SQSEvent) =>
  processPartialResponse(event, logged(landAll), batch("SQS"), {
    ...options,
    processInParallel: true,
  });

function landAll(record: SQSRecord): Promise<void> {
  return withActor({ type: "system" }, async () => {
    for (const object of parseNotification(record.body)) await land(object);
  });
}
