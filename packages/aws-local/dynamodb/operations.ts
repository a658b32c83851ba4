/** Translates DynamoDB's operations to dynoxide's tools, which have a fixed list of parameters in snake case. */
import { ServiceError } from "../wire/service-error.ts";

interface Operation {
  tool: string;
  parameters: readonly string[];
  /** Parameters that are always added. */
  fixed?: Record<string, unknown>;
  /** It may change items, and so add records to the stream. */
  writes?: true;
}

const CONDITION = [
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValues",
];
const READ = [
  "ExclusiveStartKey",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "FilterExpression",
  "IndexName",
  "Limit",
  "ProjectionExpression",
  "Select",
  "TableName",
];
const INDEXES = ["AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "TableName"];

const TABLE = "DynamoDB_20120810.";
const STREAM = "DynamoDBStreams_20120810.";

/** The operations by their `X-Amz-Target`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  [`${TABLE}BatchGetItem`]: { tool: "batch_get_item", parameters: ["RequestItems"] },
  [`${TABLE}BatchWriteItem`]: {
    tool: "batch_write_item",
    parameters: ["RequestItems"],
    writes: true,
  },
  [`${TABLE}CreateTable`]: {
    tool: "create_table",
    parameters: [
      ...INDEXES,
      "GlobalSecondaryIndexes",
      "KeySchema",
      "LocalSecondaryIndexes",
      "OnDemandThroughput",
      "ProvisionedThroughput",
      "StreamSpecification",
      "TableClass",
      "Tags",
    ],
  },
  [`${TABLE}DeleteItem`]: {
    tool: "delete_item",
    parameters: [...CONDITION, "Key", "TableName"],
    writes: true,
  },
  [`${TABLE}DeleteTable`]: { tool: "delete_table", parameters: ["TableName"] },
  [`${TABLE}DescribeTable`]: {
    tool: "describe_table",
    parameters: ["TableName"],
    fixed: { raw: true },
  },
  [`${TABLE}DescribeTimeToLive`]: { tool: "describe_time_to_live", parameters: ["TableName"] },
  [`${TABLE}GetItem`]: {
    tool: "get_item",
    parameters: [
      "ConsistentRead",
      "ExpressionAttributeNames",
      "Key",
      "ProjectionExpression",
      "TableName",
    ],
  },
  [`${TABLE}ListTables`]: { tool: "list_tables", parameters: [] },
  [`${TABLE}PutItem`]: {
    tool: "put_item",
    parameters: [...CONDITION, "Item", "TableName"],
    writes: true,
  },
  [`${TABLE}Query`]: {
    tool: "query",
    parameters: [...READ, "KeyConditionExpression", "ScanIndexForward"],
  },
  [`${TABLE}Scan`]: { tool: "scan", parameters: [...READ, "Segment", "TotalSegments"] },
  [`${TABLE}TransactGetItems`]: { tool: "transact_get_items", parameters: ["TransactItems"] },
  [`${TABLE}TransactWriteItems`]: {
    tool: "transact_write_items",
    parameters: ["ClientRequestToken", "TransactItems"],
    writes: true,
  },
  [`${TABLE}UpdateItem`]: {
    tool: "update_item",
    parameters: [...CONDITION, "Key", "TableName", "UpdateExpression"],
    writes: true,
  },
  [`${TABLE}UpdateTable`]: {
    tool: "update_table",
    parameters: [
      ...INDEXES,
      "GlobalSecondaryIndexUpdates",
      "OnDemandThroughput",
      "ProvisionedThroughput",
      "StreamSpecification",
      "TableClass",
    ],
  },
  [`${TABLE}UpdateTimeToLive`]: {
    tool: "update_time_to_live",
    parameters: ["TableName", "TimeToLiveSpecification"],
  },
  [`${STREAM}DescribeStream`]: { tool: "describe_stream", parameters: ["Limit", "StreamArn"] },
  [`${STREAM}GetRecords`]: { tool: "get_records", parameters: ["Limit", "ShardIterator"] },
  [`${STREAM}GetShardIterator`]: {
    tool: "get_shard_iterator",
    parameters: ["SequenceNumber", "ShardId", "ShardIteratorType", "StreamArn"],
  },
  [`${STREAM}ListStreams`]: { tool: "list_streams", parameters: ["Limit", "TableName"] },
};

/** Parameters without effect: optional metrics, and consistent reads, because every read is consistent. */
const IGNORED = new Set([
  "ConsistentRead",
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
]);
/** serde_json reads 128 levels. The message takes four of them, and an item can have 32 nested maps. */
const MAX_DEPTH = 100;

const snakeCase = (name: string) =>
  name.replace(/[A-Z]/g, (capital, at: number) => `${at > 0 ? "_" : ""}${capital.toLowerCase()}`);

/**
 * The tool call for a request. A parameter that the tool does not have is rejected by its name.
 *
 * @throws ServiceError UnknownOperationException, SerializationException, ValidationException
 */
export function toolCall(
  target: string,
  input: unknown,
): { tool: string; input: Record<string, unknown>; writes: boolean } {
  const operation = Object.hasOwn(OPERATIONS, target) ? OPERATIONS[target] : undefined;
  if (!operation) {
    const message = `This endpoint does not support the operation ${target || "(none)"}.`;
    throw new ServiceError("UnknownOperationException", message);
  }
  if (typeof input !== "object" || input === null || Array.isArray(input) || !isReadable(input)) {
    throw new ServiceError(
      "SerializationException",
      "The body is not a request in well-formed Unicode.",
    );
  }
  const call: Record<string, unknown> = { ...operation.fixed };
  for (const [name, value] of Object.entries(input)) {
    if (operation.parameters.includes(name)) call[snakeCase(name)] = value;
    else if (value !== null && !IGNORED.has(name)) {
      throw new ServiceError("ValidationException", `${name} is not supported on one machine.`);
    }
  }
  return { tool: operation.tool, input: call, writes: operation.writes ?? false };
}

/**
 * dynoxide does not respond to a message that it cannot parse. Node accepts two kinds of JSON that serde_json
 * does not: unpaired surrogates, and deep nesting.
 */
function isReadable(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  return Object.entries(value).every(
    ([name, inner]) => name.isWellFormed() && isReadable(inner, depth + 1),
  );
}
