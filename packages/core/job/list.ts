import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { JobId } from "../id.ts";
import * as Search from "../search/index.ts";
import * as Cursor from "../table/cursor.ts";
import * as Table from "../table/index.ts";
import { listMeasured } from "./list-measured.ts";
import { isMeasure, type Measure } from "./measured.ts";
import { Row, readAll } from "./row.ts";
import type { Listed } from "./schema.ts";
import { listedAll } from "./serialize.ts";
import type { Sort } from "./sort.ts";
import type { Status } from "./status.ts";

export interface Page {
  jobs: Listed[];
  cursor?: string | undefined;
}

interface Filter {
  owner?: string | undefined;
  status?: Status;
  /** Only jobs with this tag. Case and accents make no difference. */
  tag?: string | undefined;
  /** Whole words of the title, the file name and the tags. The last one can be the beginning of a word. */
  q?: string;
  /** Newest first by default. A search is always sorted so. */
  sort?: Sort | undefined;
  cursor?: string;
  limit?: number;
}

/**
 * A page of the caller's jobs, or of another `owner`'s for an admin. `limit` is at most 100. A page of a search or of
 * an order by length or size reads at most 500 rows: it can have fewer jobs and still a cursor. Throws
 * `cursor.invalid`, `actor.admin`, `sort.preparing`.
 */
export async function list(input: Filter): Promise<Page> {
  const ownerId = Actor.ownerOf("read", input.owner);
  await Audit.recordAccess({ action: "videos.listed", target: ownerId, owner: ownerId });
  if (input.q?.trim() || input.tag?.trim()) return search(ownerId, input);
  const { status, sort = "newest", cursor, limit } = input;
  const list = JSON.stringify([ownerId, status ?? "", "", sort]);
  if (isMeasure(sort)) return measured(ownerId, sort, list, input);
  const { rows, cursor: next } = await Table.page({
    ...queryFor(ownerId, status, sort),
    list,
    cursor,
    limit,
    keyOf,
  });
  return { jobs: await listedAll(rows.map((row) => Row.parse(row))), cursor: next };
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

const limitOf = ({ limit = DEFAULT_LIMIT }: Filter) => Math.min(Math.max(limit, 1), MAX_LIMIT);

async function measured(ownerId: string, by: Measure, list: string, filter: Filter): Promise<Page> {
  const { status, cursor } = filter;
  const { found, next } = await listMeasured({
    ownerId,
    by,
    limit: limitOf(filter),
    after: cursor === undefined ? undefined : Cursor.decode(list, cursor),
    fits: (row) => status === undefined || row.status === status,
  });
  return {
    jobs: await listedAll(found.map(({ job }) => job)),
    cursor: next === undefined ? undefined : Cursor.encode(list, next),
  };
}

async function search(ownerId: string, filter: Filter): Promise<Page> {
  const { status, cursor, q = "", tag } = filter;
  const terms = Search.termsOf(q, tag?.trim() || undefined);
  // A text without any word finds nothing, also among the videos with a tag.
  if (q.trim() !== "" && Search.termsOf(q).length === 0) return { jobs: [] };
  const cursorsOf = JSON.stringify([ownerId, status ?? "", terms]);
  const after = cursor === undefined ? undefined : Cursor.decode(cursorsOf, cursor);
  const limit = limitOf(filter);
  const fits = (row: Row) => status === undefined || row.status === status;
  const { found, next } = (await Search.isIndexed(ownerId))
    ? await Search.find({ ownerId, terms, limit, after, load: (ids) => load(ids, terms, fits) })
    : await Search.collect({
        terms,
        limit,
        after,
        read: (from, most) => readJobs(ownerId, from, most),
        load: async (rows) => rows.map(({ job }) => job).filter(fits),
      });
  return {
    jobs: await listedAll(found),
    cursor: next === undefined ? undefined : Cursor.encode(cursorsOf, next),
  };
}

/** The jobs of search rows, without those that were deleted or no longer have the words. */
async function load(
  ids: string[],
  terms: Search.Term[],
  fits: (row: Row) => boolean,
): Promise<Row[]> {
  return (await readAll(ids))
    .filter((row) => fits(row) && Search.matches(Search.entryOf(row).words, terms))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The jobs themselves with their words, while some have no search rows. */
async function readJobs(ownerId: string, after: string | undefined, limit: number) {
  const list = ownerId;
  const { rows, cursor } = await Table.page({
    ...queryFor(ownerId, undefined, "newest"),
    list,
    cursor: after === undefined ? undefined : Cursor.encode(list, after),
    limit,
    keyOf,
  });
  const jobs = rows.map((row) => Row.parse(row));
  return {
    rows: jobs.map((job) => ({ id: job.id, words: Search.entryOf(job).words, job })),
    more: cursor !== undefined,
  };
}

function queryFor(ownerId: string, status: Status | undefined, sort: Exclude<Sort, Measure>) {
  if (sort === "name") {
    const { namePk } = Table.index.name(ownerId, "", "");
    return { index: "name", partition: namePk, status } as const;
  }
  const newestFirst = sort === "newest";
  if (status) {
    const { statusPk } = Table.index.status(ownerId, status, "");
    return { index: "status", partition: statusPk, newestFirst } as const;
  }
  const { ownerPk } = Table.index.ownerJobs(ownerId, "");
  return { index: "owner", partition: ownerPk, newestFirst } as const;
}

/** The sort key of each index ends with the job's id. */
function keyOf(sortKey: string): Table.Row {
  const id = JobId.safeParse(sortKey.slice(sortKey.lastIndexOf("#") + 1));
  if (!id.success) throw Cursor.invalid();
  return Table.key.job(id.data);
}
