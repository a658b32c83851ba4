import { VisibleError } from "../error.ts";
import { JobId } from "../id.ts";
import * as Search from "../search/index.ts";
import * as Cursor from "../table/cursor.ts";
import * as Table from "../table/index.ts";
import { measureRow } from "./measure.ts";
import type { Measure } from "./measured.ts";
import { ownerPart } from "./owner-part.ts";
import { Row, readAll } from "./row.ts";

/** A job at its position in an order. */
interface Position {
  /** Its sort key in this order. */
  id: string;
  words: readonly string[];
  jobId: string;
}

/** As many jobs as a page may read are sorted without rows. */
const MAX_SORTED = 500;
const PART = 100;

/**
 * One page of an owner's jobs, the longest or the largest first. It reads at most 500 rows, as a search does, so it can
 * have fewer than `limit` jobs and still a next one. `after` is a sort key. Throws `sort.preparing`.
 */
export async function listMeasured(input: {
  ownerId: string;
  by: Measure;
  limit: number;
  after: string | undefined;
  fits(row: Row): boolean;
}): Promise<Search.Found<{ id: string; job: Row }>> {
  const { ownerId, by, limit, after, fits } = input;
  const indexed = await Search.isIndexed(ownerId, "sort");
  const all = indexed ? [] : await sortedJobs(ownerId, by);
  return Search.collect({
    // Every row matches.
    terms: [],
    limit,
    after,
    read: (from, most) =>
      indexed ? readPositions(ownerId, by, from, most) : Promise.resolve(partOf(all, from, most)),
    load: (positions) => load(positions, fits),
  });
}

async function readPositions(
  ownerId: string,
  by: Measure,
  after: string | undefined,
  limit: number,
) {
  const { namePk } = Table.index.measure(ownerId, by, 0, "");
  const { rows, cursor } = await Table.page({
    index: "name",
    partition: namePk,
    newestFirst: true,
    list: namePk,
    cursor: after === undefined ? undefined : Cursor.encode(namePk, after),
    limit,
    keyOf: (sortKey) => Table.key.measure(jobIdOf(sortKey), by),
  });
  return { rows: rows.map(({ nameSk }) => positionOf(String(nameSk))), more: cursor !== undefined };
}

/** The positions of all jobs of an owner, from the jobs themselves, while some have no rows. */
async function sortedJobs(ownerId: string, by: Measure): Promise<Position[]> {
  const positions: Position[] = [];
  let cursor: string | undefined;
  do {
    const page = await ownerPart(ownerId, { cursor, limit: PART });
    for (const row of page.rows) {
      positions.push(positionOf(String(measureRow(Row.parse(row), by).nameSk)));
    }
    cursor = page.cursor;
  } while (cursor !== undefined && positions.length < MAX_SORTED);
  if (cursor !== undefined) {
    throw new VisibleError(
      "unavailable",
      "sort.preparing",
      "Your videos are being sorted for the first time. Try again in some minutes.",
      60,
    );
  }
  return positions.sort((a, b) => (a.id < b.id ? 1 : -1));
}

function partOf(all: readonly Position[], after: string | undefined, limit: number) {
  const behind = all.filter(({ id }) => after === undefined || id < after);
  return { rows: behind.slice(0, limit), more: behind.length > limit };
}

/** The jobs of these positions in their order, without those that were deleted or do not fit. */
async function load(positions: readonly Position[], fits: (row: Row) => boolean) {
  const rows = await readAll(positions.map(({ jobId }) => jobId));
  const jobs = new Map<string, Row>(rows.map((row) => [row.id, row]));
  return positions.flatMap(({ id, jobId }) => {
    const job = jobs.get(jobId);
    return job && fits(job) ? [{ id, job }] : [];
  });
}

const positionOf = (id: string): Position => ({ id, words: [], jobId: jobIdOf(id) });

/** A sort key ends with the ID of the job. */
function jobIdOf(sortKey: string): string {
  const id = JobId.safeParse(sortKey.slice(sortKey.lastIndexOf("#") + 1));
  if (!id.success) throw Cursor.invalid();
  return id.data;
}
