import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Table from "../table/index.ts";
import { Row, Tombstone } from "./row.ts";
import type { Change } from "./schema.ts";
import { listedAll } from "./serialize.ts";

export interface Changes {
  changes: Change[];
  nextSince: string;
  more: boolean;
}

/** Clocks differ and writes are acknowledged late, so changes of this time are returned again. */
const OVERLAP_MS = 5_000;
const MAX_CHANGES = 200;

/**
 * Every job of the caller, or of another `owner` for an admin, that changed or was deleted since a time: oldest change
 * first, each job in its current state. Results overlap by five seconds, so a change may be returned twice and is never
 * left out. Call again with `nextSince`, at once if there is `more`. Throws `actor.admin`.
 */
export async function changedSince(input: {
  since: string;
  owner?: string | undefined;
}): Promise<Changes> {
  const ownerId = Actor.ownerOf("read", input.owner);
  await Audit.recordAccess({ action: "videos.listed", target: ownerId, owner: ownerId });
  const now = new Date();
  const from = new Date(Date.parse(input.since) - OVERLAP_MS).toISOString();
  const { changedPk } = Table.index.changed(ownerId, "", "");
  const page = await Table.client.send(
    new QueryCommand({
      TableName: Table.tableName(),
      IndexName: "changed",
      KeyConditionExpression: "changedPk = :pk AND changedSk >= :from",
      ExpressionAttributeValues: { ":pk": changedPk, ":from": from },
      Limit: MAX_CHANGES,
    }),
  );
  const rows = page.Items ?? [];
  const changes = await changesOf(rows);
  const last = rows.at(-1)?.changedSk;
  if (!page.LastEvaluatedKey || typeof last !== "string") {
    return { changes, nextSince: now.toISOString(), more: false };
  }
  // The next call subtracts the overlap again, so it begins at the last change of this page.
  const lastTime = Date.parse(last.slice(0, last.indexOf("#")));
  return { changes, nextSince: new Date(lastTime + OVERLAP_MS).toISOString(), more: true };
}

async function changesOf(rows: readonly Table.Row[]): Promise<Change[]> {
  const isDeleted = (row: Table.Row) => row.status === "deleted";
  const jobs = await listedAll(rows.filter((row) => !isDeleted(row)).map((row) => Row.parse(row)));
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return rows.map((row) => {
    const job = byId.get(Row.shape.id.parse(row.id));
    if (job && !isDeleted(row)) return { type: "job", job };
    const { id, time } = Tombstone.parse(row);
    return { type: "deleted", id, time: time.deleted };
  });
}
