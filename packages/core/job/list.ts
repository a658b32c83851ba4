import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { JobId } from "../id.ts";
import * as Cursor from "../table/cursor.ts";
import * as Table from "../table/index.ts";
import { Row } from "./row.ts";
import type { Listed } from "./schema.ts";
import { listedAll } from "./serialize.ts";
import type { Status } from "./status.ts";

export interface Page {
  jobs: Listed[];
  cursor?: string | undefined;
}

/**
 * A page of the caller's jobs, or of another `owner`'s for an admin: newest first, or by name if `q` is
 * the start of a name. `limit` is at most 100. Throws `cursor.invalid`, `actor.admin`.
 */
export async function list(input: {
  owner?: string | undefined;
  status?: Status;
  q?: string;
  cursor?: string;
  limit?: number;
}): Promise<Page> {
  const ownerId = Actor.ownerOf("read", input.owner);
  await Audit.recordAccess({ action: "videos.listed", target: ownerId, owner: ownerId });
  const { status, cursor, limit } = input;
  const prefix = Table.foldName(input.q ?? "").trim();
  const { rows, cursor: next } = await Table.page({
    ...queryFor(ownerId, status, prefix),
    list: JSON.stringify([ownerId, status ?? "", prefix]),
    cursor,
    limit,
    keyOf,
  });
  return { jobs: await listedAll(rows.map((row) => Row.parse(row))), cursor: next };
}

function queryFor(ownerId: string, status: Status | undefined, prefix: string) {
  if (prefix !== "") {
    const { namePk } = Table.index.name(ownerId, "", "");
    return { index: "name", partition: namePk, prefix, status } as const;
  }
  if (status) {
    const { statusPk } = Table.index.status(ownerId, status, "");
    return { index: "status", partition: statusPk, newestFirst: true } as const;
  }
  const { ownerPk } = Table.index.ownerJobs(ownerId, "");
  return { index: "owner", partition: ownerPk, newestFirst: true } as const;
}

/** The sort key of each index ends with the job's id. */
function keyOf(sortKey: string): Table.Row {
  const id = JobId.safeParse(sortKey.slice(sortKey.lastIndexOf("#") + 1));
  if (!id.success) throw Cursor.invalid();
  return Table.key.job(id.data);
}
