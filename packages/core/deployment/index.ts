import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Id from "../id.ts";
import * as Table from "../table/index.ts";
import { Info, New } from "./schema.ts";

export { Info, New } from "./schema.ts";

export interface Page {
  deployments: Info[];
  cursor?: string | undefined;
}

/** How many earlier deployments are searched for a commit. */
const REMEMBERED = 100;

/**
 * Records what is deployed now. A pipeline that repeats its step, with the same execution, gets the existing record.
 */
export async function record(given: New & { now?: number }): Promise<Info> {
  Actor.system();
  const { now = Date.now(), ...rest } = given;
  const input = New.parse(rest);
  const claim = Table.key.deploymentClaim(
    input.stage,
    input.commit,
    // Without an execution, each record is separate.
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
      as: approvedBy === undefined ? undefined : { email: approvedBy },
    }),
  ]);
  // Another process has just recorded the same execution.
  return written ? info : record(given);
}

/** The deployments, newest first. `limit` is at most 100. Throws `cursor.invalid`. */
export async function list(
  input: { cursor?: string | undefined; limit?: number | undefined } = {},
): Promise<Page> {
  Actor.admin();
  const { rows, cursor } = await newest(input);
  return { deployments: rows.map((row) => Info.parse(row)), cursor };
}

/** A commit that ran on this stage before the current one is a rollback. */
async function outcomeOf({ stage, commit }: New): Promise<Info["outcome"]> {
  const rows = (await newest({ limit: REMEMBERED })).rows.map((row) => Info.parse(row));
  const [current, ...before] = rows.filter((row) => row.stage === stage);
  const ranBefore = before.some((row) => row.commit === commit);
  return current && current.commit !== commit && ranBefore ? "rolled-back" : "deployed";
}

function newest(input: { cursor?: string | undefined; limit?: number | undefined }) {
  const { pk } = Table.key.deployment("", "");
  return Table.page({ ...input, list: pk, partition: pk, newestFirst: true });
}
