import * as Id from "../id.ts";
import * as Table from "../table/index.ts";
import type { Event } from "./schema.ts";

/**
 * A step of a job's timeline, to be written in the same transaction as what it records. Its key consists
 * of attempt, type and label, so a repeated event writes the same row.
 */
export function step(input: {
  jobId: string;
  attempt: number;
  type: Event["type"];
  time: string;
  label?: string | undefined;
  detail?: Event["detail"];
  /** For steps that another service reports: of the same step at two times, the earlier one stays. */
  keepEarliest?: boolean;
}): Table.Write {
  const { jobId, attempt, type, time, label = "", detail } = input;
  const { Put } = Table.put({
    ...Table.key.event(jobId, attempt, type, label),
    id: Id.create.event(Date.parse(time)),
    type,
    attempt,
    time,
    detail,
  });
  if (!input.keepEarliest || !Put) return { Put };
  return {
    Put: {
      ...Put,
      ConditionExpression: "attribute_not_exists(pk) OR #time > :time",
      ExpressionAttributeNames: { "#time": "time" },
      ExpressionAttributeValues: { ":time": time },
    },
  };
}

/** A step of the current attempt, now. */
export function stepOf(
  job: { id: string; attempt: number },
  type: Event["type"],
  detail?: Event["detail"],
): Table.Write {
  const time = new Date().toISOString();
  return step({ jobId: job.id, attempt: job.attempt, type, time, detail });
}
