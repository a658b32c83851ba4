/**
 * The rows that sort an owner's jobs by length and by size. They are in the partition of their job, so that a new value
 * replaces the previous one, and a deletion removes them with everything else of the job.
 */
import * as Table from "../table/index.ts";
import { MEASURES, type Measure, measureOf } from "./measured.ts";

type Measured = Parameters<typeof measureOf>[0] & { id: string; ownerId: string };

/** The row of one order. */
export function measureRow(job: Measured, by: Measure): Table.Row {
  return {
    ...Table.key.measure(job.id, by),
    ...Table.index.measure(job.ownerId, by, measureOf(job, by), job.id),
  };
}

/** The rows of every order. */
export const measureRows = (job: Measured): Table.Row[] =>
  MEASURES.map((by) => measureRow(job, by));
