/** Buildspecs and the projects that run them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "../../../infra/testing/graph.ts";
import { at, covers, grants, list, of, text } from "../../../infra/testing/read.ts";
import type { Rules } from "../../../infra/testing/rule.ts";
import { actions, BUILDSPECS, buildspec, commands, isDeploy, projects } from "./read.ts";

const brokenBuildspecs = (graph: Graph, root: string): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return projects(graph).flatMap(({ name, inputs }) => {
    const path = text(at(inputs, "source.buildspec"));
    if (!existsSync(join(root, path))) return [`${name} runs ${path}, which does not exist.`];
    const spec = buildspec(root, path);
    if (spec?.version !== 0.2 || commands(spec).length === 0) return [`${path} is no buildspec.`];
    const called = commands(spec)
      .flatMap((line) => line.match(/npm (?:run (?:--silent )?[\w:]+|test)/g) ?? [])
      .map((call) => call.split(" ").at(-1) ?? "");
    if (called.length === 0) return [`${path} calls no npm script of the project.`];
    return called
      .filter((script) => scripts[script] === undefined)
      .map((script) => `${path} calls the npm script ${script}, which does not exist.`);
  });
};

const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PRIVATE|CREDENTIAL/i;
const exposedSecrets = (graph: Graph, root: string): string[] =>
  projects(graph).flatMap(({ name, inputs }) => {
    const spec = buildspec(root, text(at(inputs, "source.buildspec")));
    const inProject = list(at(inputs, "environment.environmentVariables"))
      .filter((one) => at(one, "type") !== "SECRETS_MANAGER")
      .map((one) => text(at(one, "name")));
    const exposed = [...inProject, ...Object.keys(spec?.env?.variables ?? {})].filter((one) =>
      SECRET_NAME.test(one),
    );
    const logged = commands(spec).filter(
      (line) => /\$\{?RUSHES_TOKEN/.test(line) && !line.includes("--silent"),
    );
    return [
      ...exposed.map((one) => `${name} has ${one} in clear text.`),
      ...logged.map(() => `${name} writes its token to the log.`),
    ];
  });

const endlessLogs = (graph: Graph): string[] =>
  projects(graph)
    .filter(({ inputs }) => {
      const name = at(inputs, "logsConfig.cloudwatchLogs.groupName");
      const log = of(graph, "aws:cloudwatch/logGroup:LogGroup").find(
        (one) => one.inputs.name === name,
      );
      return !(Number(log?.inputs.retentionInDays) > 0);
    })
    .map(({ name }) => `The log of ${name} is kept forever.`);

const cachedDeployments = (graph: Graph, root: string): string[] =>
  actions(graph)
    .filter((one) => isDeploy(one))
    .filter(
      ({ project, buildspec: path }) =>
        project?.inputs.cache !== undefined || buildspec(root, path)?.cache !== undefined,
    )
    .map(({ stage }) => `${stage} reads a cache that others can write.`);

const ignoredAlarms = (graph: Graph, root: string): string[] =>
  actions(graph)
    .filter(({ buildspec: path }) =>
      [`${BUILDSPECS}/deploy.yml`, `${BUILDSPECS}/e2e.yml`].includes(path),
    )
    .filter(({ role, buildspec: path }) => {
      const lines = commands(buildspec(root, path));
      const work = lines.findIndex((line) => /ci:deploy|run --silent e2e/.test(line));
      const check = lines.findLastIndex((line) => line.includes("ci:quiet"));
      const mayCheck = grants(graph).some(
        (one) =>
          one.role === role?.name &&
          one.statement.Action.some((action) => covers(action, "cloudwatch:DescribeAlarms")),
      );
      return work < 0 || check <= work || !mayCheck;
    })
    .map(({ stage }) => `${stage} continues while an alarm fires.`);

export const BUILDS = {
  "every buildspec is a file that calls npm scripts of the project": {
    rule: brokenBuildspecs,
    breaks: [
      {
        what: "a buildspec that does not exist",
        file: "delivery/codepipeline/projects.ts",
        find: "buildspec: stage.buildspec }",
        put: 'buildspec: stage.buildspec.replace(".yml", ".yaml") }',
      },
      {
        what: "a buildspec that calls a script that does not exist",
        file: "delivery/buildspec/test.yml",
        find: "- npm test",
        put: "- npm run tset",
      },
    ],
  },
  "no project exposes a secret": {
    rule: exposedSecrets,
    breaks: [
      {
        what: "a token in clear text",
        file: "delivery/codepipeline/projects.ts",
        find: '{ name: "RUSHES_TOKEN", value: token.name, type: "SECRETS_MANAGER" }',
        put: '{ name: "RUSHES_TOKEN", value: "rushes_0123" }',
      },
      {
        what: "a token that npm writes to the log",
        file: "delivery/buildspec/e2e.yml",
        find: "npm run --silent e2e",
        put: "npm run e2e",
      },
    ],
  },
  "every build log expires": {
    rule: endlessLogs,
    breaks: [
      {
        what: "build logs that are kept forever",
        file: "delivery/codepipeline/projects.ts",
        find: "    retentionInDays: 90,\n",
        put: "",
      },
    ],
  },
  "no deployment reads a cache": {
    rule: cachedDeployments,
    breaks: [
      {
        what: "a deployment that reads a cache",
        file: "delivery/buildspec/deploy.yml",
        find: "phases:",
        put: "cache:\n  paths: [/root/.npm/**/*]\nphases:",
      },
    ],
  },
  "an alarm that starts to fire stops the delivery": {
    rule: ignoredAlarms,
    breaks: [
      {
        what: "a delivery that continues while an alarm fires",
        file: "delivery/buildspec/deploy.yml",
        find: /.*ci:quiet.*\n/,
        put: "",
      },
      {
        what: "a check of alarms without permission to read them",
        file: "delivery/codepipeline/projects.ts",
        find: "[readSettings(target), readAlarms]",
        put: "[readSettings(target)]",
      },
    ],
  },
} satisfies Rules;
