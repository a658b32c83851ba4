import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { client, type Row } from "./client.ts";
import * as Cursor from "./cursor.ts";
import { keyNames, type Query, toInput } from "./read.ts";

export interface PageQuery extends Query {
  /** Names the list. A cursor of another list is invalid. */
  list: string;
  cursor?: string | undefined;
  /** 50 if it is left out, 100 at most. */
  limit?: number | undefined;
  /** Only rows with this status. DynamoDB filters what it has read, so one page may take several reads. */
  status?: string | undefined;
  /** The primary key of the row with this sort key of the index. */
  keyOf?: (sortKey: string) => Row;
}

export interface Page {
  rows: Row[];
  /** Where the next page begins. Undefined on the last page. */
  cursor: string | undefined;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** The most reads for one page. */
const MAX_READS = 8;

/** One page of a list. Throws `cursor.invalid`. */
export async function page(query: PageQuery): Promise<Page> {
  const limit = Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const sortKeyOf = sortKeyReader(query);
  let after = query.cursor === undefined ? undefined : Cursor.decode(query.list, query.cursor);
  const rows: Row[] = [];
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    // One row more than the page shows indicates whether there is another page.
    const result = await client.send(
      new QueryCommand({
        ...filtered(query),
        Limit: limit + 1 - rows.length,
        ExclusiveStartKey: after === undefined ? undefined : startKey(query, after),
      }),
    );
    rows.push(...(result.Items ?? []));
    after = sortKeyOf(result.LastEvaluatedKey);
    if (after === undefined || rows.length > limit) break;
  }
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? sortKeyOf(shown.at(-1)) : after;
  return { rows: shown, cursor: last === undefined ? undefined : Cursor.encode(query.list, last) };
}

function filtered(query: PageQuery) {
  const input = toInput(query);
  if (query.status === undefined) return input;
  return {
    ...input,
    FilterExpression: "#status = :status",
    ExpressionAttributeNames: { ...input.ExpressionAttributeNames, "#status": "status" },
    ExpressionAttributeValues: { ...input.ExpressionAttributeValues, ":status": query.status },
  };
}

function startKey(query: PageQuery, after: string): Row {
  const { partition, sort } = keyNames(query);
  return { ...query.keyOf?.(after), [partition]: query.partition, [sort]: after };
}

function sortKeyReader(query: Query): (row: Row | undefined) => string | undefined {
  const { sort } = keyNames(query);
  return (row) => {
    const value = row?.[sort];
    return typeof value === "string" ? value : undefined;
  };
}
