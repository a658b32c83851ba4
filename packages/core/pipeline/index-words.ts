import { JobId } from "../id.ts";
import { parse, requireExisting } from "../job/row.ts";
import * as Search from "../search/index.ts";
import * as Table from "../table/index.ts";

/** Less than a step of reconcile may take. */
const RUN_MS = 8_000;
const PART = 25;

/**
 * Creates the search rows that jobs of an earlier version lack, oldest first, for reconcile. It stops after some seconds
 * and continues in the next run, behind the last part that it has completed. Safe to repeat.
 */
export async function indexWords(state: Search.State): Promise<void> {
  const { ownerId } = state;
  const { ownerPk } = Table.index.ownerJobs(ownerId, "");
  const until = Date.now() + RUN_MS;
  let cursor = state.cursor;
  do {
    const page = await Table.page({
      index: "owner",
      partition: ownerPk,
      list: ownerPk,
      cursor,
      limit: PART,
      keyOf: (id) => Table.key.job(JobId.parse(id)),
    });
    await Promise.all(page.rows.map(indexJob));
    cursor = page.cursor;
    await Search.advance(ownerId, cursor);
  } while (cursor !== undefined && Date.now() < until);
}

async function indexJob(row: Table.Row): Promise<void> {
  const job = parse(row);
  if (job.status === "deleted" || (await Search.read(job.id))) return;
  // False if the job was deleted in the meantime, or has its rows from a change.
  await Table.transact([requireExisting(job.id), ...Search.writes(job, undefined)]);
}
