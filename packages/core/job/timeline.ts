import * as Id from "../id.ts";
import * as Table from "../table/index.ts";
import type { Event } from "./schema.ts";

/**
 * A step of a job's timeline, to be written in the same transaction as what it tells of. Its key is
 * made of attempt, type and label: a repeated event finds the row that is there already.
 */
export function step(input: {
  jobId: string;
  attempt: number;
  type: Event["type"];
  time: string;
  label?: string;
  detail?: Event["detail"];
  /** For steps that others tell us of: of the same step at two times, the earlier stays. */
  once?: boolean;
}): Table.Write {
  const { jobId, attempt, type, time, label = "", detail } = input;
  const row = {
    ...Table.key.event(jobId, attempt, type, label),
    id: Id.create.event(Date.parse(time)),
    type,
    attempt,
    time,
    ...(detail && { detail }),
  };
  const { Put } = Table.put(row);
  if (!input.once || !Put) return { Put };
  return {
    Put: {
      ...Put,
      ConditionExpression: "attribute_not_exists(pk) OR #time > :time",
      ExpressionAttributeNames: { "#time": "time" },
      ExpressionAttributeValues: { ":time": time },
    },
  };
}
