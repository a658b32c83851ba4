import { measureRows } from "../job/measure.ts";
import { ownerPart } from "../job/owner-part.ts";
import { parse, type Row, read, requireExisting } from "../job/row.ts";
import * as Search from "../search/index.ts";
import * as Table from "../table/index.ts";

/** Less than a step of reconcile may take. */
const RUN_MS = 8_000;
const PART = 25;

const STEPS: Record<Search.Kind, (job: Row) => Promise<void>> = {
  search: addWords,
  sort: addMeasures,
  tags: countTags,
};

/**
 * Creates the rows for searches or for orders that jobs of an earlier version lack, or counts their tags, oldest first,
 * for reconcile. It stops after some seconds and continues in the next run, behind the last part that it has completed.
 * Safe to repeat.
 */
export async function indexJobs(state: Search.State): Promise<void> {
  const until = Date.now() + RUN_MS;
  let cursor = state.cursor;
  do {
    const page = await ownerPart(state.ownerId, { cursor, limit: PART });
    const jobs = page.rows.map(parse).filter((row) => row.status !== "deleted");
    await Promise.all(jobs.map(STEPS[state.kind]));
    cursor = page.cursor;
    await Search.advance(state, cursor);
  } while (cursor !== undefined && Date.now() < until);
}

async function addWords(job: Row): Promise<void> {
  if (await Search.read(job.id)) return;
  // False if the job was deleted in the meantime, or has its rows from a change.
  await Table.transact([requireExisting(job.id), ...Search.writes(job, undefined)]);
}

async function countTags({ id, tags }: Row): Promise<void> {
  if (!tags?.length) return;
  const indexed = await Search.read(id);
  if (indexed?.counted) return;
  // Read after its search rows: a change after both would have changed these. The list may not have its latest tags.
  const job = await read(id);
  if (!job || job.status === "deleted") return;
  await Table.transact([requireExisting(id), ...Search.writes(job, indexed)]);
}

async function addMeasures(job: Row): Promise<void> {
  const rows = measureRows(job);
  // Each on its own: a job that was submitted in the meantime has one of them, with a newer value.
  await Promise.all(
    rows.map((row) =>
      Table.transact([requireExisting(job.id), Table.put(row, "attribute_not_exists(pk)")]),
    ),
  );
}
