/**
 * `npm run infra:mutate -- [WORDS]`: plants the mistakes of every rule of the app and of the pipeline, or only those
 * whose file or description contains WORDS. Exits with 1 unless the rules catch all of them.
 */
import { type Mutation, mutate } from "../../infra/testing/mutate.ts";
import { ACCOUNT } from "../../infra/testing/rules/account.ts";
import { RULES } from "../../infra/testing/rules/index.ts";
import { evaluatePipeline, evaluateStage } from "../../infra/testing/stages.ts";
import { PIPELINE_RULES } from "./rules/index.ts";

const ofTheApp = Object.values(RULES).flatMap(({ rule, breaks }) =>
  breaks.map(
    (mistake): Mutation => ({
      mistake,
      problems: async (folder) =>
        rule(await evaluateStage(mistake.stage ?? "staging", folder), folder),
    }),
  ),
);
const ofTheAccount = Object.values(ACCOUNT).flatMap(({ rule, breaks }) =>
  breaks.map(
    (mistake): Mutation => ({
      mistake,
      problems: async (folder) =>
        rule([await evaluateStage("staging", folder), await evaluateStage("production", folder)]),
    }),
  ),
);
const ofThePipeline = Object.values(PIPELINE_RULES).flatMap(({ rule, breaks }) =>
  breaks.map(
    (mistake): Mutation => ({
      mistake,
      problems: async (folder) => rule(await evaluatePipeline(folder), folder),
    }),
  ),
);

const words = process.argv[2] ?? "";
const mutations = [...ofTheApp, ...ofTheAccount, ...ofThePipeline].filter(
  ({ mistake: { what, file } }) => `${file}: ${what}`.includes(words),
);
process.exitCode = (await mutate(mutations)) ? 0 : 1;
