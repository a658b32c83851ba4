import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Cursor from "../table/cursor.ts";
import * as Table from "../table/index.ts";
import { Row } from "./row.ts";
import { Info } from "./schema.ts";

const MAX_LIMIT = 100;

export interface Page {
  uploads: Info[];
  /** Where the next page begins; none on the last. */
  cursor?: string;
}

/**
 * A page of the caller's uploads that stand so, or of those of the `owner` whom an admin names, newest
 * first. `limit` is at most 100. Throws `cursor.invalid`, `actor.admin`.
 */
export async function list(input: {
  status: Info["status"];
  owner?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}): Promise<Page> {
  const ownerId = Actor.ownerOf("upload", input.owner);
  await Audit.looked({ action: "videos.listed", target: ownerId, owner: ownerId });
  const { ownerPk } = Table.index.ownerUploads(ownerId, input.status, "");
  const limit = Math.min(Math.max(input.limit ?? MAX_LIMIT, 1), MAX_LIMIT);
  const after = input.cursor === undefined ? undefined : Cursor.decode(ownerPk, input.cursor);
  const page = await Table.table.send(
    new QueryCommand({
      TableName: Table.tableName(),
      IndexName: "owner",
      KeyConditionExpression: "ownerPk = :pk",
      ExpressionAttributeValues: { ":pk": ownerPk },
      ScanIndexForward: false,
      // One more than asked for tells whether there is another page.
      Limit: limit + 1,
      ...(after !== undefined && {
        ExclusiveStartKey: {
          ...Table.key.upload(after),
          ...Table.index.ownerUploads(ownerId, input.status, after),
        },
      }),
    }),
  );
  const rows = (page.Items ?? []).map((row) => Row.parse(row));
  const uploads = rows.slice(0, limit).map((row) => Info.parse(row));
  const last = rows.length > limit ? uploads.at(-1) : undefined;
  return { uploads, ...(last && { cursor: Cursor.encode(ownerPk, last.id) }) };
}
