import { BatchProcessor, EventType } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";

const logger = new Logger({ serviceName: "rushes" });

/** One invocation's processor. */
export function batch(type: keyof typeof EventType): BatchProcessor {
  return new BatchProcessor(EventType[type]);
}

/** A wholly failed batch is answered record by record too. */
export const options = { throwOnFullBatchFailure: false };

/** The processor swallows what a record throws: say it before it is gone. */
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
