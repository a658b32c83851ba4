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
/** Evaluated by the first test that asks: when it cannot be, each test fails, and none is skipped. */
function graph(): Promise<Graph> {
  evaluated ??= evaluatePipeline();
  return evaluated;
}
vi.setConfig({ testTimeout: 120_000 });

describe("the pipeline", () => {
  test.each(Object.entries(PIPELINE_RULES))("keeps the rule: %s", async (_, { rule }) => {
    expect(rule(await graph(), ROOT)).toEqual([]);
  });

  test("proves every rule with at least one mistake", () => {
    const unproven = Object.entries(PIPELINE_RULES).filter(([, { breaks }]) => breaks.length === 0);
    expect(unproven).toEqual([]);
  });

  test("keeps the name of every resource, so that no deployment replaces one", async () => {
    await expect(namesOf(await graph())).toMatchFileSnapshot("names.txt");
  });

  test("lets functions of production do all that they are granted", async () => {
    const production = await evaluateStage("production");
    expect(deniedToFunctions(await graph(), production)).toEqual([]);
    // They share an account, too.
    for (const { rule } of Object.values(ACCOUNT))
      expect(rule([await graph(), production])).toEqual([]);
  }, 120_000);
});

describe("the pipeline's stage refuses to deploy, and says what is missing,", () => {
  const refusal = (environment: Record<string, string>) =>
    evaluate({
      stage: "pipeline",
      environment: { ...PIPELINE_ENVIRONMENT, ...environment },
    }).then(
      () => "It was deployed.",
      (error: Error) => error.message,
    );

  test("with a repository that is none", async () => {
    expect(await refusal({ RUSHES_REPOSITORY: "https://github.com/you/rushes" })).toContain(
      "RUSHES_REPOSITORY is no repository",
    );
  }, 120_000);
});

test("nobody's GitHub Actions get a role unless the operator wants it", async () => {
  const without = await evaluate({
    stage: "pipeline",
    environment: { ...PIPELINE_ENVIRONMENT, RUSHES_GITHUB_ACTIONS: "" },
  });
  expect(
    without.resources.filter(({ name }) => /^GitHub(Actions|Staging|Production)/.test(name)),
  ).toEqual([]);
}, 120_000);
