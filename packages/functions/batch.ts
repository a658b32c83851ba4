import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { withActor } from "@rushes/core/actor";
import { type CreatedObject, parseNotification } from "@rushes/core/source/object";
import type { SQSEvent, SQSRecord } from "aws-lambda";

const logger = new Logger({ serviceName: "rushes" });

/** A processor for one invocation. */
export function batch(type: keyof typeof EventType): BatchProcessor {
  return new BatchProcessor(EventType[type]);
}

/** If every record fails, the result still lists them one by one. */
export const options = { throwOnFullBatchFailure: false };

/** Logs a record's error, because the processor drops it. */
export function logged<R>(handle: (record: R) => Promise<void>): (record: R) => Promise<void> {
  return async (record) => {
    try {
      await handle(record);
    } catch (error) {
      logger.error("A record failed and will be tried again.", { error, record });
      throw error;
    }
  };
}

/** A handler of a queue of S3's notifications, which calls `handle` for each object. */
export function objectsHandler(handle: (object: CreatedObject) => Promise<void>) {
  const handleRecord = (record: SQSRecord) =>
    withActor({ type: "system" }, async () => {
      for (const object of parseNotification(record.body)) await handle(object);
    });
  return (event: SQSEvent) =>
    processPartialResponse(event, logged(handleRecord), batch("SQS"), {
      ...options,
      processInParallel: true,
    });
}
