import {
  BatchGetCommand,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { client, type Row, tableName } from "./client.ts";
import { type Due, SHARDS } from "./indexes.ts";

/** Which rows to read, from the table itself or from an index. */
export interface Query {
  index?: "owner" | "status" | "name" | "changed" | "due";
  /** The partition key. */
  partition: string;
  /** Only rows whose sort key starts with this. */
  prefix?: string | undefined;
  newestFirst?: boolean;
}

/** The names of a query's key attributes: `pk` and `sk`, or for example `ownerPk` and `ownerSk`. */
export function keyNames({ index }: Query): { partition: string; sort: string } {
  return index ? { partition: `${index}Pk`, sort: `${index}Sk` } : { partition: "pk", sort: "sk" };
}

/** The query as DynamoDB takes it. Reads of the table are consistent; an index cannot be. */
export function toInput(query: Query): QueryCommandInput {
  const { partition, sort } = keyNames(query);
  const names: Record<string, string> = { "#pk": partition };
  const values: Row = { ":pk": query.partition };
  if (query.prefix) {
    names["#sk"] = sort;
    values[":sk"] = query.prefix;
  }
  return {
    TableName: tableName(),
    IndexName: query.index,
    KeyConditionExpression: query.prefix ? "#pk = :pk AND begins_with(#sk, :sk)" : "#pk = :pk",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ScanIndexForward: !query.newestFirst,
    ConsistentRead: query.index === undefined,
  };
}

/** One row, after every acknowledged write. Undefined if it does not exist. */
export async function get(key: Row): Promise<Row | undefined> {
  const result = await client.send(
    new GetCommand({ TableName: tableName(), Key: key, ConsistentRead: true }),
  );
  return result.Item;
}

/** The rows of at most 100 keys that exist, in any order, after every acknowledged write. */
export async function getAll(keys: Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  let pending = keys;
  while (pending.length > 0) {
    const result = await client.send(
      new BatchGetCommand({
        RequestItems: { [tableName()]: { Keys: pending, ConsistentRead: true } },
      }),
    );
    rows.push(...(result.Responses?.[tableName()] ?? []));
    pending = result.UnprocessedKeys?.[tableName()]?.Keys ?? [];
  }
  return rows;
}

export interface Part {
  rows: Row[];
  /** True if there may be rows behind the last one. */
  more: boolean;
}

/** At most `limit` rows of a partition of the table itself, from behind the sort key `after`. */
export async function part(
  query: Omit<Query, "index"> & { after: string | undefined; limit: number },
): Promise<Part> {
  const { after, limit } = query;
  const result = await client.send(
    new QueryCommand({
      ...toInput(query),
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : { pk: query.partition, sk: after },
    }),
  );
  return { rows: result.Items ?? [], more: result.LastEvaluatedKey !== undefined };
}

/** How many rows a query has, at most `most`. Reads no more. */
export async function count(query: Query, most: number): Promise<number> {
  let found = 0;
  let start: Row | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        ...toInput(query),
        Select: "COUNT",
        Limit: most - found,
        ExclusiveStartKey: start,
      }),
    );
    found += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start && found < most);
  return found;
}

/** Every row of a query, page by page. Only for partitions that are small by design. */
export async function queryAll(query: Query): Promise<Row[]> {
  const rows: Row[] = [];
  let start: Row | undefined;
  do {
    const page = await client.send(
      new QueryCommand({ ...toInput(query), ExclusiveStartKey: start }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
}

/** Rows of one kind that are due, from every shard. */
export async function due(kind: Due, now: string, limit = 25): Promise<Row[]> {
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) =>
      client.send(
        new QueryCommand({
          TableName: tableName(),
          IndexName: "due",
          KeyConditionExpression: "duePk = :pk AND dueSk < :now",
          ExpressionAttributeValues: { ":pk": `DUE#${kind}#${shard}`, ":now": now },
          Limit: limit,
        }),
      ),
    ),
  );
  return shards.flatMap((page) => page.Items ?? []);
}
