import type { Owner } from "@rushes/core/actor";
import type { New } from "@rushes/core/deployment/schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OWNER } from "../../owner.ts";
import { type Stack, startStack } from "../../stack.ts";

const START = Date.parse("2031-05-06T07:08:00.000Z");
const admin: Owner = { ...OWNER, role: "admin", via: "session", credentialId: "ses_1" };

let stack: Stack;
let Deployment: typeof import("@rushes/core/deployment/index");
let Audit: typeof import("@rushes/core/audit/index");
let Actor: typeof import("@rushes/core/actor");

beforeAll(async () => {
  stack = await startStack();
  [Deployment, Audit, Actor] = await Promise.all([
    import("@rushes/core/deployment/index"),
    import("@rushes/core/audit/index"),
    import("@rushes/core/actor"),
  ]);
});
afterAll(() => stack.close());

let minutes = 0;
const record = (given: Partial<New> & Pick<New, "commit">, now?: number) => {
  minutes += 1;
  const input = { stage: "production", version: "1.0.0", now: now ?? START + minutes * 60_000 };
  return Actor.withActor({ type: "system" }, () => Deployment.record({ ...input, ...given }));
};
const list = (input?: Parameters<typeof Deployment.list>[0]) =>
  Actor.withActor(admin, () => Deployment.list(input));

test("stores one record for an execution that is reported several times, even concurrently", async () => {
  const input = { commit: "a1", pipelineExecutionId: "run-1", approvedBy: "ann@example.com" };
  const records = await Promise.all([record(input), record(input), record(input)]);
  const again = await record(input);
  expect(new Set([...records, again].map(({ id }) => id)).size).toBe(1);
  const { deployments } = await list();
  expect(deployments).toHaveLength(1);
  expect(deployments[0]).toMatchObject({
    ...input,
    ...{ stage: "production", version: "1.0.0", outcome: "deployed" },
  });
});

test("marks a redelivered older commit as a rollback, on its own stage only", async () => {
  const outcomes: string[] = [];
  for (const [commit, stage] of [
    ["b1", "one"],
    ["b2", "one"],
    ["b1", "one"],
    ["b1", "one"],
    ["b2", "two"],
    ["b1", "two"],
  ] as const) {
    outcomes.push((await record({ commit, stage })).outcome);
  }
  expect(outcomes).toEqual([
    ...["deployed", "deployed", "rolled-back", "deployed", "deployed", "deployed"],
  ]);
});

test("lists the records page by page, newest first, each once", async () => {
  for (const commit of ["c1", "c2", "c3", "c4", "c5"]) await record({ commit });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 2, cursor });
    seen.push(...page.deployments.map(({ commit }) => commit));
    cursor = page.cursor;
  } while (cursor);
  expect(seen.slice(0, 5)).toEqual(["c5", "c4", "c3", "c2", "c1"]);
  expect(seen).toHaveLength(12);
});

test("writes each record with its approver to the audit log", async () => {
  const made = await record({ commit: "d1", approvedBy: "ben@example.com" });
  const day = new Date().toISOString().slice(0, 10);
  const { events } = await Actor.withActor(admin, () => Audit.list({ day, limit: 100 }));
  expect(events).toContainEqual(
    expect.objectContaining({
      ...{ action: "deployment.recorded", target: made.id, email: "ben@example.com" },
      detail: { stage: "production", version: "1.0.0", commit: "d1", outcome: "deployed" },
    }),
  );
});
