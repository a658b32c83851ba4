import { setTimeout } from "node:timers/promises";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { resource } from "../resource.ts";

export const table = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

export type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
export type Row = Record<string, unknown>;

export function tableName(): string {
  return resource().Table.name;
}

const attemptText = (attempt: number) => String(attempt).padStart(6, "0");

/** Every primary key of the table. */
export const key = {
  job: (id: string) => ({ pk: `JOB#${id}`, sk: "JOB" }),
  rendition: (id: string, attempt: number, label: string) => ({
    pk: `JOB#${id}`,
    sk: `REND#${attemptText(attempt)}#${label}`,
  }),
  /** Says what happened and to which attempt, so that a repeat lands on the same row. */
  event: (id: string, attempt: number, type: string, label: string) => ({
    pk: `JOB#${id}`,
    sk: `EVENT#${attemptText(attempt)}#${type}#${label}`,
  }),
  notice: (id: string, attempt: number) => ({
    pk: `JOB#${id}`,
    sk: `NOTICE#${attemptText(attempt)}`,
  }),
  upload: (id: string) => ({ pk: `UPLOAD#${id}`, sk: "UPLOAD" }),
  /** A digest of owner and key: the key is the client's, of any form. */
  idempotency: (digest: string) => ({ pk: `IDEMPOTENCY#${digest}`, sk: "IDEMPOTENCY" }),
  claim: (bucket: string, objectKey: string, sequencer: string) => ({
    pk: `CLAIM#${bucket}/${objectKey}#${sequencer}`,
    sk: "CLAIM",
  }),
  /** What the object at a key belongs to now; a claim says it of one write of the key. */
  source: (bucket: string, objectKey: string) => ({
    pk: `SOURCE#${bucket}/${objectKey}`,
    sk: "SOURCE",
  }),
  user: (ownerId: string) => ({ pk: `USER#${ownerId}`, sk: "USER" }),
  /** By a hash: who reads the table gets no session and no token. */
  session: (hash: string) => ({ pk: `SESSION#${hash}`, sk: "SESSION" }),
  token: (hash: string) => ({ pk: `TOKEN#${hash}`, sk: "TOKEN" }),
  share: (id: string) => ({ pk: `SHARE#${id}`, sk: "SHARE" }),
  usage: (ownerId: string) => ({ pk: `OWNER#${ownerId}`, sk: "USAGE" }),
  /** A mail address, whatever its case: what is known of writing to it. */
  address: (email: string) => ({ pk: `ADDRESS#${foldName(email.trim())}`, sk: "ADDRESS" }),
  audit: (time: string, id: string) => ({ pk: `AUDIT#${time.slice(0, 10)}`, sk: `${time}#${id}` }),
  deployment: (time: string, id: string) => ({ pk: "DEPLOYMENTS", sk: `${time}#${id}` }),
  /** One record for each execution of a pipeline, however often it asks. */
  deploymentClaim: (stage: string, commit: string, execution: string) => ({
    pk: `DEPLOYMENT#${stage}#${execution}`,
    sk: commit,
  }),
  /** That somebody looked at what is somebody else's is written down once a day. */
  looked: (ownerId: string, target: string, day: string) => ({
    pk: `LOOKED#${ownerId}#${target}`,
    sk: day,
  }),
  limit: (kind: string, of: string, window: number) => ({
    pk: `LIMIT#${kind}#${of}`,
    sk: String(window),
  }),
};

/** Attributes of every index. An attribute that is left out keeps the row out of that index. */
export const index = {
  ownerJobs: (ownerId: string, id: string) => ({
    ownerPk: `OWNER#${ownerId}#JOB`,
    ownerSk: id,
  }),
  ownerUploads: (ownerId: string, status: string, id: string) => ({
    ownerPk: `OWNER#${ownerId}#UPLOAD#${status}`,
    ownerSk: id,
  }),
  users: (email: string, ownerId: string) => ({
    ownerPk: "USERS",
    ownerSk: `${foldName(email)}#${ownerId}`,
  }),
  ownerSessions: (ownerId: string, created: string, hash: string) => ({
    ownerPk: `OWNER#${ownerId}#SESSION`,
    ownerSk: `${created}#${hash}`,
  }),
  ownerTokens: (ownerId: string, id: string) => ({
    ownerPk: `OWNER#${ownerId}#TOKEN`,
    ownerSk: id,
  }),
  jobShares: (jobId: string, id: string) => ({ ownerPk: `JOB#${jobId}#SHARE`, ownerSk: id }),
  status: (ownerId: string, status: string, id: string) => ({
    statusPk: `OWNER#${ownerId}#STATUS#${status}`,
    statusSk: id,
  }),
  name: (ownerId: string, title: string, id: string) => ({
    namePk: `OWNER#${ownerId}#NAME`,
    nameSk: `${foldName(title)}#${id}`,
  }),
  changed: (ownerId: string, time: string, id: string) => ({
    changedPk: `OWNER#${ownerId}#CHANGED`,
    changedSk: `${time}#${id}`,
  }),
  due: (kind: Due, id: string, time: string) => ({
    duePk: `DUE#${kind}#${shard(id)}`,
    dueSk: `${time}#${id}`,
  }),
};

/** What reconcile must look at. */
export type Due = "job" | "upload" | "tombstone" | "notice";
export const SHARDS = 8;

/** Spreads one kind's due rows, so that no partition is shared by everybody. */
export function shard(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % SHARDS;
}

/** Names are found whatever their case and however their accents are composed. */
export function foldName(title: string): string {
  return title.normalize("NFC").toLowerCase();
}

export interface Update {
  TableName: string;
  Key: Row;
  UpdateExpression: string;
  ConditionExpression?: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Row;
}

/**
 * An update in DynamoDB's words. Names in `set`, `remove` and `add` may be paths like `time.updated`;
 * `condition` writes attribute names as `#name` or `#time.#updated`, and its values as `:name`.
 */
export function update(input: {
  key: Row;
  set?: Row;
  remove?: string[];
  add?: Row;
  condition?: string;
  values?: Row;
}): Update {
  const names: Record<string, string> = {};
  const values: Row = { ...input.values };
  const path = (name: string) =>
    name
      .split(".")
      .map((step) => {
        names[`#${step}`] = step;
        return `#${step}`;
      })
      .join(".");
  const value = (name: string, of: unknown) => {
    const placeholder = `:set_${name.replaceAll(".", "_")}`;
    values[placeholder] = of;
    return placeholder;
  };
  const entries = (row: Row = {}) => Object.entries(row).filter(([, of]) => of !== undefined);
  const set = entries(input.set).map(([name, of]) => `${path(name)} = ${value(name, of)}`);
  const add = entries(input.add).map(([name, of]) => `${path(name)} ${value(name, of)}`);
  const remove = (input.remove ?? []).map(path);
  for (const [step] of input.condition?.matchAll(/#[A-Za-z]+/g) ?? []) names[step] = step.slice(1);
  return {
    TableName: tableName(),
    Key: input.key,
    UpdateExpression: [
      set.length > 0 ? `SET ${set.join(", ")}` : "",
      remove.length > 0 ? `REMOVE ${remove.join(", ")}` : "",
      add.length > 0 ? `ADD ${add.join(", ")}` : "",
    ]
      .filter((clause) => clause !== "")
      .join(" "),
    ...(input.condition !== undefined && { ConditionExpression: input.condition }),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** True when a conditional write was refused, alone or as the only reason of its transaction. */
export function isRefused(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  const codes = cancellationCodes(error);
  return codes.includes("ConditionalCheckFailed");
}

/** Why each write of a transaction was cancelled, in their order; empty for any other error. */
export function cancellationCodes(error: unknown): string[] {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return [];
  if (!("CancellationReasons" in error) || !Array.isArray(error.CancellationReasons)) return [];
  return error.CancellationReasons.map((reason: { Code?: string }) => reason.Code ?? "None");
}

/** Every row of a query, page after page. For partitions that are small by design only. */
export async function queryAll(input: Omit<QueryCommandInput, "TableName">): Promise<Row[]> {
  const rows: Row[] = [];
  let start: Row | undefined;
  do {
    const page = await table.send(
      new QueryCommand({ ...input, TableName: tableName(), ExclusiveStartKey: start }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
}

/** Removes rows by their keys, 25 at a time, until the table has taken them all. */
export async function removeAll(keys: { pk: string; sk: string }[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 25) {
    let pending: Row[] = keys.slice(from, from + 25).map(({ pk, sk }) => ({ pk, sk }));
    while (pending.length > 0) {
      const answer = await table.send(
        new BatchWriteCommand({
          RequestItems: { [tableName()]: pending.map((Key) => ({ DeleteRequest: { Key } })) },
        }),
      );
      pending = (answer.UnprocessedItems?.[tableName()] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key ? [DeleteRequest.Key] : [],
      );
    }
  }
}

/** Rows of one kind whose time to be looked at has come, from every shard. */
export async function due(kind: Due, now: string, limit = 25): Promise<Row[]> {
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, number) =>
      table.send(
        new QueryCommand({
          TableName: tableName(),
          IndexName: "due",
          KeyConditionExpression: "duePk = :pk AND dueSk < :now",
          ExpressionAttributeValues: { ":pk": `DUE#${kind}#${number}`, ":now": now },
          Limit: limit,
        }),
      ),
    ),
  );
  return shards.flatMap((page) => page.Items ?? []);
}

const CONFLICT_TRIES = 8;

/**
 * Writes all or nothing; false when a condition refused it. Two transactions on one row at a moment
 * cancel each other, which the SDK does not retry: that is done here, with growing jitter.
 */
export async function transact(writes: Write[]): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await table.send(new TransactWriteCommand({ TransactItems: writes }));
      return true;
    } catch (error) {
      if (isRefused(error)) return false;
      if (!isConflict(error) || tries === CONFLICT_TRIES) throw error;
      await setTimeout(Math.random() * 10 * 2 ** tries);
    }
  }
}

/** One conditional update; undefined when its condition refused it, else the row as it is now. */
export async function apply(input: Update): Promise<Row | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await table.send(new UpdateCommand({ ...input, ReturnValues: "ALL_NEW" }));
      return answer.Attributes ?? {};
    } catch (error) {
      if (isRefused(error)) return undefined;
      if (!isConflict(error) || tries === CONFLICT_TRIES) throw error;
      await setTimeout(Math.random() * 10 * 2 ** tries);
    }
  }
}

/** One row as it stands after every write that was answered; undefined when there is none. */
export async function get(key: Row): Promise<Row | undefined> {
  const answer = await table.send(
    new GetCommand({ TableName: tableName(), Key: key, ConsistentRead: true }),
  );
  return answer.Item;
}

export function put(row: Row, condition?: string): Write {
  return {
    Put: {
      TableName: tableName(),
      Item: row,
      ...(condition !== undefined && { ConditionExpression: condition }),
    },
  };
}

/**
 * Reasons of a canceled transaction that pass by themselves. Alone they would be errors that the SDK
 * retries; inside TransactionCanceledException it does not.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const PASSING = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

function isConflict(error: unknown): boolean {
  if (error instanceof Error && error.name === "TransactionConflictException") return true;
  return cancellationCodes(error).some((code) => PASSING.includes(code));
}
