/** Differences between stages, and what a stage must or must not contain. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "../graph.ts";
import { at, failures, of, withoutSecrets } from "../read.ts";
import type { Rules } from "../rule.ts";

const DATA = /^(aws:dynamodb\/table:Table|aws:s3\/bucket:Bucket) (Table|Uploads|Renditions)/;
const unprotectedData = (graph: Graph): string[] => {
  const data = graph.resources.filter(({ type, name }) => DATA.test(`${type} ${name}`));
  if (data.length < 3) return ["A bucket or the table is missing."];
  const production = graph.stage === "production";
  return data.flatMap(({ name, type, protect, retainOnDelete, inputs }) =>
    failures(
      [protect === production, `${name} is ${protect ? "" : "not "}protected.`],
      [
        retainOnDelete === production,
        `${name} is ${retainOnDelete ? "kept" : "removed"} with its stage.`,
      ],
      [
        !type.includes("bucket") || inputs.forceDestroy === !production,
        `${name} ${production ? "can" : "cannot"} be removed with its objects.`,
      ],
    ),
  );
};

/** `sst remove` evaluates only app(): it rejects a protected stage, and keeps the data of a retained one. */
const removable = ({ stage, app }: Graph): string[] => {
  const production = stage === "production";
  return failures(
    [app.protect === production, `sst remove ${production ? "removes" : "refuses"} ${stage}.`],
    [
      app.removal === (production ? "retain" : "remove"),
      `The data of ${stage} is not ${production ? "kept" : "removed"}.`,
    ],
  );
};

const unrecoverable = (graph: Graph): string[] =>
  of(graph, "aws:dynamodb/table:Table").flatMap(({ inputs }) =>
    failures(
      [
        at(inputs, "pointInTimeRecovery.enabled") === true,
        "The table has no point-in-time recovery.",
      ],
      [at(inputs, "ttl.attributeName") === "ttl", "The table's rows never expire."],
    ),
  );

const BILLED = /^aws:(s3\/bucket:Bucket|dynamodb\/table:Table|sqs\/queue:Queue)$/;
const untagged = (graph: Graph): string[] =>
  graph.resources
    .filter(({ type, name }) => BILLED.test(type) && !/^Web/.test(name))
    .filter(({ inputs }) => at(inputs, "tags.stage") !== graph.stage)
    .map(({ name }) => `${name} has no tag that assigns its cost to a stage.`);

/** A secret's value in the evaluated stages. It must not be in the clear in any input. */
export const PLANTED = "planted-secret-of-the-tests-0123456789";
const exposedSecrets = (graph: Graph): string[] =>
  graph.resources
    .filter(({ inputs }) => withoutSecrets(inputs).includes(PLANTED))
    .map(({ type, name }) => `${type} ${name} exposes a secret.`);

const missingHandlers = (graph: Graph, root: string): string[] =>
  Object.entries(graph.handlers)
    .filter(([, handler]) => handler.startsWith("packages/"))
    .filter(([, handler]) => !existsSync(join(root, handler.replace(/\.handler$/, ".ts"))))
    .map(([name, handler]) => `${name} runs ${handler}, which does not exist.`);

const ofThePipeline = (graph: Graph): string[] =>
  graph.resources
    .filter(({ type }) => /^aws:(codepipeline|codebuild|codeconnections)\//.test(type))
    .map(({ name }) => `${name} would be removed with the stage that it deploys.`);

export const STAGE = {
  "only production protects and keeps its data": {
    rule: unprotectedData,
    breaks: [
      {
        what: "data of production that is removed with its stage",
        file: "infra/table.ts",
        find: "opts.protect = production;",
        put: "opts.retainOnDelete = false;",
        stage: "production",
      },
    ],
  },
  "only production cannot be removed": {
    rule: removable,
    breaks: [
      {
        what: "a production that can be removed",
        file: "sst.config.ts",
        find: "protect: production",
        put: "protect: false",
        stage: "production",
      },
      {
        what: "removal: remove in production",
        file: "sst.config.ts",
        find: 'production ? "retain" : "remove"',
        put: '"remove"',
        stage: "production",
      },
    ],
  },
  "the table can be restored to any point in time": {
    rule: unrecoverable,
    breaks: [
      {
        what: "a table without point-in-time recovery",
        file: "infra/table.ts",
        find: "{ enabled: true }",
        put: "{ enabled: false }",
      },
    ],
  },
  "everything that stores data is tagged with its stage": {
    rule: untagged,
    breaks: [
      {
        what: "buckets without tags",
        file: "infra/storage.ts",
        find: "    args.tags = tags;\n",
        put: "",
      },
    ],
  },
  "no input exposes a secret": {
    rule: exposedSecrets,
    breaks: [
      {
        what: "a secret as plain text",
        file: "infra/settings.ts",
        find: "    siteUrl,\n",
        put: '    siteUrl,\n    planted: process.env.SST_SECRET_Secret ?? "",\n',
      },
    ],
  },
  "every handler is a file": {
    rule: missingHandlers,
    breaks: [
      {
        what: "a handler that does not exist",
        file: "infra/functions.ts",
        find: '.replace(/\\.ts$/, ".handler")',
        put: '.replace(/\\.ts$/, "s.handler")',
      },
    ],
  },
  "the stage contains nothing of the pipeline that deploys it": {
    rule: ofThePipeline,
    breaks: [
      {
        what: "a pipeline that is removed with its stage",
        file: "sst.config.ts",
        find: '    await import("./infra/defaults.ts");\n',
        put: '    await import("./infra/defaults.ts");\n    new aws.codeconnections.Connection("Planted", {});\n',
      },
    ],
  },
} satisfies Rules;
