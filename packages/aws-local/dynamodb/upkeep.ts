/**
 * Workarounds for two bugs of dynoxide 1.2.1. Both depend on its internals, so its version is pinned and
 * `dynamo.flow.test.ts` tests them.
 */
import { DatabaseSync } from "node:sqlite";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import type { TableWiring } from "@rushes/core/wiring";

/** AWS keeps stream records for 24 hours. */
const KEPT_MS = 24 * 60 * 60_000;

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 5000");
  return database;
}

/**
 * Without this index, each write to a table with a stream reads all stream records to find the next sequence
 * number: 89 writes a second at 20,000 records.
 */
export function indexStreamRecords(path: string): void {
  const database = open(path);
  try {
    database.exec(
      "CREATE INDEX IF NOT EXISTS rushes_stream_sequence ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
    );
  } finally {
    database.close();
  }
}

/** Removes stream records older than a day, except the newest: the sequence continues from it. */
export function pruneStreamRecords(path: string, now = Date.now(), keptMs = KEPT_MS): number {
  const database = open(path);
  try {
    const { changes } = database
      .prepare(
        `DELETE FROM _stream_records AS old
         WHERE created_at < ?
           AND CAST(sequence_number AS INTEGER) <
             (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = old.table_name)`,
      )
      .run(createdBefore(database, now - keptMs));
    return Number(changes);
  } finally {
    database.close();
  }
}

/** `created_at` is in seconds or milliseconds. Its size shows which. */
function createdBefore(database: DatabaseSync, timeMs: number): number {
  const row = database.prepare("SELECT MAX(created_at) AS newest FROM _stream_records").get();
  const newest = Number(row?.newest ?? 0);
  return newest > 1e11 ? timeMs : Math.floor(timeMs / 1000);
}

/**
 * Removes rows whose time to live has expired, which dynoxide does not do itself. A condition protects a row
 * whose time to live was changed meanwhile. Returns how many rows were removed.
 */
export async function removeExpiredRows(
  client: DynamoDBClient,
  table: TableWiring,
  now = Date.now(),
): Promise<number> {
  const seconds = String(Math.floor(now / 1000));
  const names = { "#h": table.hashKey, "#r": table.rangeKey, "#t": table.ttl };
  let removed = 0;
  for await (const page of paginateScan(
    { client, pageSize: 1000 },
    {
      TableName: table.name,
      ProjectionExpression: "#h, #r",
      FilterExpression: "#t < :now",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ":now": { N: seconds } },
    },
  )) {
    for (const item of page.Items ?? []) {
      if (await removeExpired(client, table, item, seconds)) removed += 1;
    }
  }
  return removed;
}

async function removeExpired(
  client: DynamoDBClient,
  table: TableWiring,
  item: Record<string, AttributeValue>,
  seconds: string,
): Promise<boolean> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: item,
        ConditionExpression: "#t < :now",
        ExpressionAttributeNames: { "#t": table.ttl },
        ExpressionAttributeValues: { ":now": { N: seconds } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
