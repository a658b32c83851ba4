import {
  type AttributeDefinition,
  CreateTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { TableWiring } from "@rushes/core/wiring";

const keys = (hashKey: string, rangeKey: string) => [
  { AttributeName: hashKey, KeyType: "HASH" as const },
  { AttributeName: rangeKey, KeyType: "RANGE" as const },
];

function attributes(table: TableWiring): AttributeDefinition[] {
  const names = new Set([table.hashKey, table.rangeKey]);
  for (const index of table.indexes) names.add(index.hashKey).add(index.rangeKey);
  return [...names].map((name) => ({ AttributeName: name, AttributeType: "S" }));
}

const indexes = (table: TableWiring): GlobalSecondaryIndex[] =>
  table.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keys(index.hashKey, index.rangeKey),
    Projection: { ProjectionType: "ALL" },
  }));

/** Creates the table with its indexes, stream and time to live, unless it exists. */
export async function ensureTable(client: DynamoDBClient, table: TableWiring): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table.name,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: keys(table.hashKey, table.rangeKey),
        AttributeDefinitions: attributes(table),
        // DynamoDB rejects an empty list.
        GlobalSecondaryIndexes: table.indexes.length > 0 ? indexes(table) : undefined,
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      }),
    );
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: table.name,
        TimeToLiveSpecification: { Enabled: true, AttributeName: table.ttl },
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
