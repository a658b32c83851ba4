import { processPartialResponse } from "@aws-lambda-powertools/batch";
import { withActor } from "@rushes/core/actor";
import * as Source from "@rushes/core/pipeline/receive";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { batch, logged, options } from "./batch.ts";

/** Function 1: S3's notifications of the uploads bucket, out of their queue. */
export const handler = (event: SQSEvent) =>
  processPartialResponse(event, logged(receive), batch("SQS"), {
    ...options,
    processInParallel: true,
  });

function receive(record: SQSRecord): Promise<void> {
  return withActor({ type: "system" }, async () => {
    for (const object of Source.parse(record.body)) await Source.receive(object);
  });
}
