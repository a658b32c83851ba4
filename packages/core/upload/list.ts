import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Table from "../table/index.ts";
import { Info } from "./schema.ts";

const MAX_LIMIT = 100;

export interface Page {
  uploads: Info[];
  /** Where the next page begins. Undefined on the last page. */
  cursor?: string | undefined;
}

/**
 * A page of the caller's uploads with this status, or of another `owner`'s for an admin, newest first.
 * `limit` is at most 100. Throws `cursor.invalid`, `actor.admin`.
 */
export async function list(input: {
  status: Info["status"];
  owner?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}): Promise<Page> {
  const ownerId = Actor.ownerOf("upload", input.owner);
  await Audit.recordAccess({ action: "videos.listed", target: ownerId, owner: ownerId });
  const { ownerPk } = Table.index.ownerUploads(ownerId, input.status, "");
  const { rows, cursor } = await Table.page({
    list: ownerPk,
    index: "owner",
    partition: ownerPk,
    newestFirst: true,
    cursor: input.cursor,
    limit: input.limit ?? MAX_LIMIT,
    keyOf: Table.key.upload,
  });
  return { uploads: rows.map((row) => Info.parse(row)), cursor };
}
