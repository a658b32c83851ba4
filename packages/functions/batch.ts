import { BatchProcessor, EventType } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";

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
