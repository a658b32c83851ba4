import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Id from "../id.ts";
import * as Cursor from "../table/cursor.ts";
import * as Table from "../table/index.ts";
import { Info, New } from "./schema.ts";

export { Info, New } from "./schema.ts";

export interface Page {
  deployments: Info[];
  cursor?: string;
}

const MAX_LIMIT = 100;
/** How far back a commit is known as one that ran before. */
const REMEMBERED = 100;

/**
 * Writes down what is deployed now. A pipeline that repeats its step, by the same execution, finds the
 * record that is there already.
 */
export async function record(given: New & { now?: number }): Promise<Info> {
  Actor.system();
  const { now = Date.now(), ...rest } = given;
  const input = New.parse(rest);
  const claim = Table.key.deploymentClaim(
    input.stage,
    input.commit,
    // Without an execution to name, each record is one of its own.
    input.pipelineExecutionId ?? String(now),
  );
  const already = await Table.get(claim);
  if (already) return Info.parse(already);
  const id = Id.create.deployment(now);
  const info: Info = {
    id,
    ...input,
    deployedAt: new Date(now).toISOString(),
    outcome: await outcomeOf(input),
  };
  const { stage, version, commit, outcome, approvedBy } = info;
  const written = await Table.transact([
    Table.put({ ...claim, ...info }, "attribute_not_exists(pk)"),
    Table.put({ ...Table.key.deployment(info.deployedAt, id), ...info }),
    Audit.write({
      action: "deployment.recorded",
      target: id,
      detail: { stage, version, commit, outcome },
      ...(approvedBy !== undefined && { as: { email: approvedBy } }),
    }),
  ]);
  // Somebody else has just recorded the same execution.
  return written ? info : record(given);
}

/** What was deployed, newest first. `limit` is at most 100. Throws `cursor.invalid`. */
export async function list(
  input: { cursor?: string | undefined; limit?: number | undefined } = {},
): Promise<Page> {
  Actor.admin();
  const { pk } = Table.key.deployment("", "");
  const limit = Math.min(Math.max(input.limit ?? 50, 1), MAX_LIMIT);
  const after = input.cursor === undefined ? undefined : Cursor.decode(pk, input.cursor);
  // One more than asked for tells whether there is another page.
  const rows = await newest(limit + 1, after);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1)?.sk : undefined;
  return {
    deployments: shown.map((row) => Info.parse(row)),
    ...(typeof last === "string" && { cursor: Cursor.encode(pk, last) }),
  };
}

/** A commit that ran on this stage before the one that runs there now is a step back. */
async function outcomeOf({ stage, commit }: New): Promise<Info["outcome"]> {
  const rows = (await newest(REMEMBERED)).map((row) => Info.parse(row));
  const [current, ...before] = rows.filter((row) => row.stage === stage);
  const ranBefore = before.some((row) => row.commit === commit);
  return current && current.commit !== commit && ranBefore ? "rolled-back" : "deployed";
}

async function newest(limit: number, after?: string): Promise<Table.Row[]> {
  const { pk } = Table.key.deployment("", "");
  const page = await Table.table.send(
    new QueryCommand({
      TableName: Table.tableName(),
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
      ScanIndexForward: false,
      Limit: limit,
      ConsistentRead: true,
      ...(after !== undefined && { ExclusiveStartKey: { pk, sk: after } }),
    }),
  );
  return page.Items ?? [];
}
