import { HandlerError } from "./worker-process.ts";

/**
 * Which records of a batch failed, as a handler reports it (`batchItemFailures`). Nothing reported is
 * success; a report that names a record that is not of the batch makes the whole batch fail, as in AWS.
 */
export function failuresOf(result: unknown, ids: readonly string[]): Set<string> {
  if (typeof result !== "object" || result === null || !("batchItemFailures" in result)) {
    return new Set();
  }
  const reported: unknown = result.batchItemFailures;
  if (reported === null || reported === undefined) return new Set();
  if (!Array.isArray(reported)) return new Set(ids);
  const failed = new Set<string>();
  for (const one of reported) {
    const id: unknown = one?.itemIdentifier;
    if (typeof id !== "string" || !ids.includes(id)) return new Set(ids);
    failed.add(id);
  }
  return failed;
}

/** What is written beside a record that a handler reported without saying why. */
export const REPORTED = new HandlerError(
  "Reported",
  "The function reported that it could not handle this record; its log says why.",
);

export const sentence = (error: Error): string => `${error.name}: ${error.message}`;
