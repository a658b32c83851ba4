/** The order of the stages, the approval, and the pipeline's triggers. */
import type { Graph } from "../../../infra/testing/graph.ts";
import { at, failures, list, text } from "../../../infra/testing/read.ts";
import type { Rules } from "../../../infra/testing/rule.ts";
import { type DeliveryStage, STAGES } from "../../stages.ts";
import {
  actions,
  BUILDSPECS,
  buildspec,
  isCategory,
  isDeploy,
  pipelineOf,
  target,
} from "./read.ts";

const otherStages = (graph: Graph): string[] => {
  const actual = actions(graph).map(({ stage }) => stage);
  const wanted = STAGES.map(({ id }) => id);
  return actual.join() === wanted.join()
    ? []
    : [`The pipeline runs ${actual.join(", ")}, but delivery/stages.ts has ${wanted.join(", ")}.`];
};

const otherWork = (graph: Graph): string[] =>
  (STAGES as readonly DeliveryStage[]).flatMap(({ id, buildspec: path = "", target: stage }) => {
    const action = actions(graph).find((one) => one.stage === id);
    if (!action || action.buildspec !== path) {
      return [`${id} runs ${action?.buildspec || "nothing"}, not ${path || "nothing"}.`];
    }
    return !path || target(action) === (stage ?? "")
      ? []
      : [`${id} works on ${target(action)}, not on ${stage}.`];
  });

/** Compares buildspecs and not the names of stages, so that a wrong stage list fails too. */
const untested = (graph: Graph): string[] => {
  const all = actions(graph);
  const deploy = all.findIndex((one) => isDeploy(one));
  if (deploy < 0) return ["The pipeline deploys nothing."];
  return [`${BUILDSPECS}/build.yml`, `${BUILDSPECS}/test.yml`]
    .filter((path) => {
      const last = all.findLastIndex((one) => one.buildspec === path);
      return last < 0 || last > deploy;
    })
    .map((path) => `${path} does not run before every deployment.`);
};

const noVideo = (graph: Graph): string[] => {
  const all = actions(graph);
  const staging = all.findIndex((one) => isDeploy(one, "staging"));
  const video = all.findIndex((one) => one.buildspec === `${BUILDSPECS}/e2e.yml`);
  const approval = all.findIndex((one) => isCategory(one, "Approval"));
  return staging >= 0 && staging < video && video < approval
    ? []
    : ["The approval does not wait for a video on staging."];
};

const unapproved = (graph: Graph): string[] => {
  const all = actions(graph);
  const production = all.findIndex((one) => isDeploy(one, "production"));
  const before = all.slice(0, Math.max(production, 0));
  const approval = before.find((one) => isCategory(one, "Approval"))?.action;
  if (!approval) return ["Production is deployed without approval."];
  const link = text(at(approval, "configuration.ExternalEntityLink"));
  return failures(
    [
      text(at(approval, "configuration.NotificationArn")).includes(":sns:"),
      "Nobody is notified that an approval is needed.",
    ],
    [
      /^https:\/\/github\.com\/[^/]+\/[^/]+\/compare\/#\{.+\}$/.test(link),
      "The approval does not link to the changes.",
    ],
    [
      at(approval, "owner") === "AWS" && at(approval, "provider") === "Manual",
      "The approval is not manual.",
    ],
  );
};

const wrongTriggers = (graph: Graph): string[] => {
  const pipeline = pipelineOf(graph);
  const pushes = list(pipeline?.inputs.triggers).flatMap((trigger) =>
    list(at(trigger, "gitConfiguration.pushes")),
  );
  const source = actions(graph).find((one) => isCategory(one, "Source"))?.action;
  return failures(
    [pipeline?.inputs.pipelineType === "V2", "Only a V2 pipeline supports triggers."],
    [
      pushes.some((push) => list(at(push, "branches.includes")).includes("main")),
      "A push to main does not start the pipeline.",
    ],
    [
      pushes.some((push) => list(at(push, "tags.includes")).length > 0),
      "A tag does not start the pipeline.",
    ],
    [at(source, "configuration.DetectChanges") === "false", "A push starts the pipeline twice."],
  );
};

/** CodePipeline resolves `#{stage.NAME}` only when it runs: an earlier stage must have exported it. */
const unknownVariables = (graph: Graph, root: string): string[] => {
  const known = new Set(["codepipeline.PipelineExecutionId"]);
  return actions(graph).flatMap((one) => {
    const { stage, action, buildspec: path } = one;
    const used = [...JSON.stringify(at(action, "configuration")).matchAll(/#\{([^}]+)\}/g)];
    const problems = used
      .filter(([, name]) => !known.has(name ?? ""))
      .map(([whole]) => `${stage} uses ${whole}, which no earlier stage exports.`);
    const namespace = text(at(action, "namespace"));
    if (isCategory(one, "Source")) known.add(`${namespace}.CommitId`);
    for (const name of buildspec(root, path)?.env?.["exported-variables"] ?? []) {
      known.add(`${namespace}.${name}`);
    }
    return problems;
  });
};

/** The pipeline outlives what it deploys, so neither is part of the other. */
const ofTheApp = (graph: Graph): string[] =>
  graph.resources
    .filter(({ type }) =>
      /^aws:(dynamodb|lambda|cloudfront|mediaconvert|cognito)\/|^sst:/.test(type),
    )
    .map(({ type, name }) => `${type} ${name} is part of the app and not of its delivery.`);

const ALL_STAGES = "stages: (STAGES as readonly DeliveryStage[]).map(";
export const ORDER = {
  "the stages are those of delivery/stages.ts, in that order": {
    rule: otherStages,
    breaks: [
      {
        what: "stages in another order",
        file: "delivery/codepipeline/index.ts",
        find: ALL_STAGES,
        put: "stages: (STAGES as readonly DeliveryStage[]).toReversed().map(",
      },
    ],
  },
  "each stage runs its buildspec of delivery/stages.ts on its target": {
    rule: otherWork,
    breaks: [
      {
        what: "a stage for production that deploys staging",
        file: "delivery/codepipeline/projects.ts",
        find: 'plain("DELIVERY_STAGE", target)',
        put: 'plain("DELIVERY_STAGE", "staging")',
      },
    ],
  },
  "builds and tests run before any deployment": {
    rule: untested,
    breaks: [
      {
        what: "a test stage after the production deployment",
        file: "delivery/stages.ts",
        find: /( {2}\{ id: "test",.*\},\n)([\s\S]*?)( {2}\{\n {4}id: "record",)/,
        put: "$2$1$3",
      },
    ],
  },
  "staging transcodes a video before the approval": {
    rule: noVideo,
    breaks: [
      {
        what: "no video through staging",
        file: "delivery/codepipeline/index.ts",
        find: ALL_STAGES,
        put: 'stages: (STAGES as readonly DeliveryStage[]).filter(({ kind }) => kind !== "e2e").map(',
      },
    ],
  },
  "a person who can see the changes approves before production": {
    rule: unapproved,
    breaks: [
      {
        what: "no approval",
        file: "delivery/stages.ts",
        find: '  { id: "approval", title: "Wait for approval", kind: "approval", target: "production" },\n',
        put: "",
      },
      {
        what: "an approval after production",
        file: "delivery/codepipeline/index.ts",
        find: ALL_STAGES,
        put: 'stages: (STAGES as readonly DeliveryStage[]).toSorted((one, other) => Number(one.kind === "approval") - Number(other.kind === "approval")).map(',
      },
      {
        what: "an approval that does not show the changes",
        file: "delivery/codepipeline/index.ts",
        find: /ExternalEntityLink: `.*`,/,
        put: 'ExternalEntityLink: "https://github.com",',
      },
    ],
  },
  "a push or a tag starts the pipeline once": {
    rule: wrongTriggers,
    breaks: [
      {
        what: "a pipeline that starts twice",
        file: "delivery/codepipeline/index.ts",
        find: 'DetectChanges: "false"',
        put: 'DetectChanges: "true"',
      },
    ],
  },
  "an earlier stage exports each variable that a stage uses": {
    rule: unknownVariables,
    breaks: [
      {
        what: "a variable that no stage exports",
        file: "delivery/buildspec/notice.yml",
        find: "exported-variables: [RANGE]",
        put: "exported-variables: [RANGES]",
      },
    ],
  },
  "the pipeline contains nothing of the app": {
    rule: ofTheApp,
    breaks: [
      {
        what: "the app inside the stage that deploys it",
        file: "sst.config.ts",
        find: 'return (await import("./delivery/codepipeline/index.ts")).outputs;',
        put: '{ new aws.sqs.Queue("Planted"); new aws.dynamodb.Table("Planted", { attributes: [] }); return (await import("./delivery/codepipeline/index.ts")).outputs; }',
      },
    ],
  },
} satisfies Rules;
