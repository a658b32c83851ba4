import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import { JobId } from "../id.ts";
import * as Cursor from "../table/cursor.ts";
import * as Table from "../table/index.ts";
import { Row, Tombstone } from "./row.ts";
import type { Change, Listed } from "./schema.ts";
import { listedAll } from "./serialize.ts";
import type { Status } from "./status.ts";

export interface Page {
  jobs: Listed[];
  cursor?: string;
}
export interface Changes {
  changes: Change[];
  nextSince: string;
  more: boolean;
}

interface Query {
  index: "owner" | "status" | "name";
  hash: string;
  hashKey: string;
  rangeKey: string;
  prefix?: string;
  newestFirst: boolean;
}

const MAX_LIMIT = 100;
/** How many pages one call reads when a name search is filtered by status as well. */
const MAX_PAGES = 8;
/** Clocks differ and writes are answered late: what changed so shortly before is told again. */
const OVERLAP_MS = 5_000;
const MAX_CHANGES = 200;

/**
 * A page of the caller's jobs, or of those of the `owner` whom an admin names, newest first, or by name
 * when `q` asks for names that start so. `limit` is at most 100. Throws `cursor.invalid`, `actor.admin`.
 */
export async function list(input: {
  owner?: string | undefined;
  status?: Status;
  q?: string;
  cursor?: string;
  limit?: number;
}): Promise<Page> {
  const ownerId = Actor.ownerOf("read", input.owner);
  await Audit.looked({ action: "videos.listed", target: ownerId, owner: ownerId });
  const limit = Math.min(Math.max(input.limit ?? 50, 1), MAX_LIMIT);
  const prefix = Table.foldName(input.q ?? "").trim();
  const query = queryFor(ownerId, input.status, prefix);
  const bound = JSON.stringify([ownerId, input.status ?? "", prefix]);
  const filter = query.index === "name" ? input.status : undefined;
  let after = input.cursor === undefined ? undefined : Cursor.decode(bound, input.cursor);
  const rows: Table.Row[] = [];
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    // One more than asked for tells whether there is another page.
    const page = await read(query, filter, after, limit + 1 - rows.length);
    rows.push(...page.rows);
    after = page.after;
    if (after === undefined || rows.length > limit) break;
  }
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? sortKey(query, shown.at(-1)) : after;
  return {
    jobs: await listedAll(shown.map((row) => Row.parse(row))),
    ...(last !== undefined && { cursor: Cursor.encode(bound, last) }),
  };
}

/**
 * Every job of the caller, or of the `owner` whom an admin names, that changed or was deleted since a moment, the oldest change first, each
 * as it stands now. Answers overlap by five seconds: a change may be told twice, never left out.
 * Ask again with `nextSince`, at once when there is `more`. Throws `actor.admin`.
 */
export async function changedSince(input: {
  since: string;
  owner?: string | undefined;
}): Promise<Changes> {
  const ownerId = Actor.ownerOf("read", input.owner);
  await Audit.looked({ action: "videos.listed", target: ownerId, owner: ownerId });
  const asked = new Date();
  const from = new Date(Date.parse(input.since) - OVERLAP_MS).toISOString();
  const page = await Table.table.send(
    new QueryCommand({
      TableName: Table.tableName(),
      IndexName: "changed",
      KeyConditionExpression: "changedPk = :pk AND changedSk >= :from",
      ExpressionAttributeValues: {
        ":pk": Table.index.changed(ownerId, "", "").changedPk,
        ":from": from,
      },
      Limit: MAX_CHANGES,
    }),
  );
  const rows = page.Items ?? [];
  const changes = await changesOf(rows);
  const last = rows.at(-1)?.changedSk;
  if (!page.LastEvaluatedKey || typeof last !== "string") {
    return { changes, nextSince: asked.toISOString(), more: false };
  }
  // The overlap is taken off again by the next call, which so begins at the last change told.
  const told = Date.parse(last.slice(0, last.indexOf("#")));
  return { changes, nextSince: new Date(told + OVERLAP_MS).toISOString(), more: true };
}

async function changesOf(rows: readonly Table.Row[]): Promise<Change[]> {
  const isDeleted = (row: Table.Row) => row.status === "deleted";
  const jobs = await listedAll(rows.filter((row) => !isDeleted(row)).map((row) => Row.parse(row)));
  const shown = new Map(jobs.map((job) => [job.id, job]));
  return rows.map((row) => {
    const job = shown.get(Row.shape.id.parse(row.id));
    if (job && !isDeleted(row)) return { type: "job", job };
    const { id, time } = Tombstone.parse(row);
    return { type: "deleted", id, time: time.deleted };
  });
}

function queryFor(ownerId: string, status: Status | undefined, prefix: string): Query {
  if (prefix !== "") {
    const hash = Table.index.name(ownerId, "", "").namePk;
    return {
      index: "name",
      hash,
      hashKey: "namePk",
      rangeKey: "nameSk",
      prefix,
      newestFirst: false,
    };
  }
  if (status) {
    const hash = Table.index.status(ownerId, status, "").statusPk;
    return { index: "status", hash, hashKey: "statusPk", rangeKey: "statusSk", newestFirst: true };
  }
  const hash = Table.index.ownerJobs(ownerId, "").ownerPk;
  return { index: "owner", hash, hashKey: "ownerPk", rangeKey: "ownerSk", newestFirst: true };
}

async function read(
  query: Query,
  status: Status | undefined,
  after: string | undefined,
  limit: number,
): Promise<{ rows: Table.Row[]; after: string | undefined }> {
  const page = await Table.table.send(
    new QueryCommand({
      TableName: Table.tableName(),
      IndexName: query.index,
      KeyConditionExpression: `#hash = :hash${query.prefix ? " AND begins_with(#range, :prefix)" : ""}`,
      ...(status && { FilterExpression: "#status = :status" }),
      ExpressionAttributeNames: {
        "#hash": query.hashKey,
        ...(query.prefix && { "#range": query.rangeKey }),
        ...(status && { "#status": "status" }),
      },
      ExpressionAttributeValues: {
        ":hash": query.hash,
        ...(query.prefix && { ":prefix": query.prefix }),
        ...(status && { ":status": status }),
      },
      ScanIndexForward: !query.newestFirst,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: startKey(query, after) }),
    }),
  );
  const last = page.LastEvaluatedKey?.[query.rangeKey];
  return { rows: page.Items ?? [], after: typeof last === "string" ? last : undefined };
}

/** The rest of a start key follows from the sort key, which ends with the job's id. */
function startKey(query: Query, after: string): Table.Row {
  const id = JobId.safeParse(after.slice(after.lastIndexOf("#") + 1));
  if (!id.success) {
    throw new VisibleError("input", "cursor.invalid", "This page address is not valid any more.");
  }
  return {
    ...Table.key.job(id.data),
    [query.hashKey]: query.hash,
    [query.rangeKey]: after,
  };
}

function sortKey(query: Query, row: Table.Row | undefined): string | undefined {
  const value = row?.[query.rangeKey];
  return typeof value === "string" ? value : undefined;
}
