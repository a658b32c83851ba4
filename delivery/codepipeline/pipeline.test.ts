import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { evaluate, ROOT } from "../../infra/testing/evaluate.ts";
import type { Graph } from "../../infra/testing/graph.ts";
import { namesOf } from "../../infra/testing/names.ts";
import { ACCOUNT } from "../../infra/testing/rules/account.ts";
import {
  evaluatePipeline,
  evaluateStage,
  PIPELINE_ENVIRONMENT,
} from "../../infra/testing/stages.ts";
import { deniedToFunctions } from "./rules/boundary.ts";
import { PIPELINE_RULES } from "./rules/index.ts";

let evaluated: Promise<Graph> | undefined;
/** The first test evaluates it. If that fails, every test fails, and none is skipped. */
function graph(): Promise<Graph> {
  evaluated ??= evaluatePipeline();
  return evaluated;
}
vi.setConfig({ testTimeout: 120_000 });

describe("the pipeline", () => {
  test.each(Object.entries(PIPELINE_RULES))("keeps the rule: %s", async (_, { rule }) => {
    expect(rule(await graph(), ROOT)).toEqual([]);
  });

  test("keeps the name of every resource, so that no deployment replaces one", async () => {
    await expect(namesOf(await graph())).toMatchFileSnapshot("names.txt");
  });

  test("denies the functions of production nothing that they are granted", async () => {
    const production = await evaluateStage("production");
    expect(deniedToFunctions(await graph(), production)).toEqual([]);
    // They also share an account.
    for (const { rule } of Object.values(ACCOUNT))
      expect(rule([await graph(), production])).toEqual([]);
  }, 120_000);
});

describe("a deployment of the pipeline stops and names the problem", () => {
  const errorOf = (environment: Record<string, string>) =>
    evaluate({
      stage: "pipeline",
      environment: { ...PIPELINE_ENVIRONMENT, ...environment },
    }).then(
      () => "It was deployed.",
      (error: Error) => error.message,
    );

  test("with an invalid repository", async () => {
    expect(await errorOf({ RUSHES_REPOSITORY: "https://github.com/you/rushes" })).toContain(
      "RUSHES_REPOSITORY is not a repository",
    );
  }, 120_000);
});

test("creates roles for GitHub Actions only if the operator sets it", async () => {
  const without = await evaluate({
    stage: "pipeline",
    environment: { ...PIPELINE_ENVIRONMENT, RUSHES_GITHUB_ACTIONS: "" },
  });
  expect(
    without.resources.filter(({ name }) => /^GitHub(Actions|Staging|Production)/.test(name)),
  ).toEqual([]);
}, 120_000);

describe.each(Object.entries(PIPELINE_RULES))("the rule “%s”", (_, { breaks }) => {
  test("is proved by at least one mistake", () => {
    expect(breaks).not.toEqual([]);
  });

  test.each(breaks)("has a mistake that still applies: $what", ({ file, find, put }) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    expect(text.replace(find, put)).not.toBe(text);
  });
});
