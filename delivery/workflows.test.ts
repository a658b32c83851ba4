/** Rules for .github/workflows. GitHub accepts all of these mistakes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "..");

const FOLDER = join(ROOT, ".github/workflows");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  needs?: string | string[];
  environment?: string;
  permissions?: Record<string, string>;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const workflows = readdirSync(FOLDER).map((name) => {
  const source = readFileSync(join(FOLDER, name), "utf8");
  // GitHub checks the schema. The tests read only these fields.
  return { name, source, workflow: parse(source) as Workflow };
});
const steps = ({ jobs }: Workflow) => Object.values(jobs).flatMap((job) => job.steps);

describe.each(workflows)("the workflow $name", ({ source, workflow }) => {
  test("pins every action to a commit, with its tag in a comment", () => {
    const used = steps(workflow).filter(({ uses }) => uses !== undefined);
    const pinned = source.match(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm) ?? [];
    expect(pinned).toHaveLength(used.length);
  });

  test("gives its token read access only, and AWS's role only to environments", () => {
    const given = [
      workflow.permissions,
      ...Object.values(workflow.jobs).map((job) => job.permissions),
    ];
    const writes = given.flatMap((one) =>
      Object.entries(one ?? {}).filter(([name, may]) => may !== "read" && name !== "id-token"),
    );
    expect(workflow.permissions).toBeDefined();
    expect(writes).toEqual([]);
    for (const job of Object.values(workflow.jobs)) {
      if (job.permissions?.["id-token"])
        expect(["staging", "production"]).toContain(job.environment);
    }
  });

  test("stores no key, and runs no code of a fork with secrets", () => {
    expect(source).not.toMatch(/aws-(access-key-id|secret-access-key)|pull_request_target/);
    for (const { with: given } of steps(workflow).filter(({ uses }) =>
      uses?.includes("checkout"),
    )) {
      expect(given?.["persist-credentials"]).toBe(false);
    }
  });

  test("inserts no expression into a command", () => {
    for (const { run = "" } of steps(workflow)) expect(run).not.toContain("${{");
  });
});

test("delivers in the order tests, staging, video, production", () => {
  const deliver = workflows.find(({ name }) => name === "deliver.yml")?.workflow;
  const { test: first, staging, production } = deliver?.jobs ?? {};
  const runs = (job: Job | undefined) => (job?.steps ?? []).map(({ run = "" }) => run).join("\n");
  expect(runs(first)).toContain("npm test");
  expect(staging?.needs).toContain("test");
  expect(runs(staging)).toMatch(/ci:deploy[\s\S]*ci:quiet[\s\S]*run --silent e2e[\s\S]*ci:quiet/);
  expect(production?.needs).toContain("staging");
  expect(production?.environment).toBe("production");
  expect(runs(production)).toMatch(/ci:deploy[\s\S]*ci:quiet/);
});
