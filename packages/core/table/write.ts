import { setTimeout } from "node:timers/promises";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { client, type Row, tableName, type Write } from "./client.ts";
import type { Update } from "./update.ts";

const MAX_TRIES = 8;

/** Writes all or nothing. Returns false if a condition failed. */
export async function transact(writes: Write[]): Promise<boolean> {
  const written = await conditional(() =>
    client.send(new TransactWriteCommand({ TransactItems: writes })),
  );
  return written !== undefined;
}

/** Sends one conditional update. Returns the new row, or undefined if the condition failed. */
export async function apply(input: Update): Promise<Row | undefined> {
  const result = await conditional(() =>
    client.send(new UpdateCommand({ ...input, ReturnValues: "ALL_NEW" })),
  );
  return result && (result.Attributes ?? {});
}

/** A put for a transaction. */
export function put(row: Row, condition?: string): Write {
  return { Put: { TableName: tableName(), Item: row, ConditionExpression: condition } };
}

/** Deletes rows by their keys, 25 per request, until the table has accepted all of them. */
export async function removeAll(keys: { pk: string; sk: string }[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 25) {
    let pending: Row[] = keys.slice(from, from + 25).map(({ pk, sk }) => ({ pk, sk }));
    while (pending.length > 0) {
      const result = await client.send(
        new BatchWriteCommand({
          RequestItems: { [tableName()]: pending.map((Key) => ({ DeleteRequest: { Key } })) },
        }),
      );
      pending = (result.UnprocessedItems?.[tableName()] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key ? [DeleteRequest.Key] : [],
      );
    }
  }
}

/**
 * Returns undefined if a condition failed. Two transactions that write one row at the same time cancel
 * each other. The SDK does not retry that, so this function does, with growing jitter.
 */
async function conditional<R>(send: () => Promise<R>): Promise<R | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      if (!isConflict(error) || tries === MAX_TRIES) throw error;
      await setTimeout(Math.random() * 10 * 2 ** tries);
    }
  }
}

function isConditionFailure(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  return cancellationCodes(error).includes("ConditionalCheckFailed");
}

/**
 * Transient reasons of a canceled transaction. On their own they would be errors that the SDK retries,
 * but it does not retry a TransactionCanceledException.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const TRANSIENT = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

function isConflict(error: unknown): boolean {
  if (error instanceof Error && error.name === "TransactionConflictException") return true;
  return cancellationCodes(error).some((code) => TRANSIENT.includes(code));
}

/** Why each write of a transaction was canceled, in their order. Empty for any other error. */
function cancellationCodes(error: unknown): string[] {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return [];
  if (!("CancellationReasons" in error) || !Array.isArray(error.CancellationReasons)) return [];
  return error.CancellationReasons.map((reason: { Code?: string }) => reason.Code ?? "None");
}
