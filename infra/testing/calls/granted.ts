/** Compares the grants of every function with its recorded calls. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "../graph.ts";
import { at, grants, list, of, text } from "../read.ts";
import { BY_AWS, needed } from "./actions.ts";
import { FOLDER } from "./model.ts";

/** The calls of each function, as the flow tier recorded them. */
export type Calls = Record<string, string[]>;

export const CALLS = join(import.meta.dirname, "../../calls.json");
// Written by calls.ts.
export const readCalls = (): Calls => JSON.parse(readFileSync(CALLS, "utf8")) as Calls;

/** The roles of Rushes's functions, by function. */
function rolesOf(graph: Graph): Map<string, string> {
  const roles = new Map<string, string>();
  for (const [id, handler] of Object.entries(graph.handlers)) {
    const functionName = /^packages\/functions\/(.*)\.handler$/.exec(handler)?.[1];
    const name = functionName ?? (id.startsWith("WebServer") ? "web" : undefined);
    if (name !== undefined) roles.set(`${id}Role`, name);
  }
  return roles;
}

/** The name of a resource in actions.ts; the ARN itself if the table does not know it. */
function named(arn: string): string {
  const [, , service, , , ...rest] = arn.split(":");
  const name = rest.join(":");
  switch (service) {
    case "dynamodb":
      return name.replace(/^table\/[^/]+/, "Table").replace(/\/stream\/.*/, "/stream");
    case "s3":
      return name.replace(/^(\w+)Bucket/, "$1");
    case "sqs":
      return /Dead/.test(name) ? "DeadLetters" : "Queues";
    case "lambda":
      return "Functions";
    case "mediaconvert":
      return name.startsWith("queues/") ? "Queue" : name.replace("jobs/*", "Jobs");
    case "codepipeline":
      return "Pipeline";
    case "iam":
      return name.replace("role/", "");
    case "ses":
      return name.startsWith("configuration-set/") ? "configuration-set" : name;
    default:
      return arn;
  }
}

const LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

/** Finds grants that are not used, and calls that are not granted. */
export const grantedAsUsed = (graph: Graph): string[] => {
  const calls = readCalls();
  const roles = rolesOf(graph);
  const granted = new Map([...roles.values()].map((name) => [name, new Set<string>()]));
  for (const { role, statement } of grants(graph)) {
    const of = granted.get(roles.get(role) ?? "");
    for (const action of statement.Action) {
      for (const resource of statement.Resource) of?.add(`${action} ${named(resource)}`);
    }
  }
  const managed = of(graph, "aws:iam/role:Role")
    .filter(({ name }) => roles.has(name))
    .flatMap(({ name, inputs }) =>
      list(at(inputs, "managedPolicyArns"))
        .filter((arn) => arn !== LOGS)
        .map((arn) => `${name} has all that ${text(arn)} grants.`),
    );
  const unknown = Object.keys(calls)
    .filter((name) => !granted.has(name))
    .map((name) => `infra/calls.json tells of ${name}, which is not deployed.`);
  return [
    ...managed,
    ...unknown,
    ...[...granted].flatMap(([name, may]) => {
      const uses = new Set((calls[name] ?? []).flatMap(needed));
      const byAws = BY_AWS.filter(({ roles }) => roles.includes(name)).flatMap((one) => one.grants);
      return [
        ...[...uses].filter((one) => !may.has(one)).map((one) => `${name} may not ${one}.`),
        ...[...may]
          .filter((one) => !uses.has(one) && !byAws.includes(one))
          .map((one) => `${name} may ${one}, and never does.`),
      ];
    }),
  ];
};

/** The ARN formats of each action's resources. */
function reference(): Map<string, string[]> {
  const lines = readFileSync(join(FOLDER, "iam.jsonl"), "utf8").trim().split("\n").slice(1);
  return new Map(
    lines.map((line) => {
      // Written by models.ts.
      const { action, arns } = JSON.parse(line) as { action: string; arns: string[] };
      return [action, arns];
    }),
  );
}

const fits = (arn: string, form: string): boolean => {
  const pattern = form.split(/\$\{[^}]+\}/).map((text) => text.replace(/[*.?]/g, "\\$&"));
  return new RegExp(`^${pattern.join("[^/]+")}$`).test(arn.replace(/\/\*$/, "/x"));
};

/** AWS accepts a grant of an action on a resource type that the action does not support, but it grants nothing. */
export const actionsFit = (graph: Graph): string[] => {
  const known = reference();
  const roles = rolesOf(graph);
  // Grants of SST for AWS's own calls are not checked.
  const byAws = BY_AWS.flatMap((one) => one.grants);
  return grants(graph)
    .filter(({ role }) => roles.has(role))
    .flatMap(({ role, statement }) =>
      statement.Action.flatMap((action) => {
        const forms = known.get(action);
        if (!forms) return [`actions.ts does not list ${action}, which ${role} is allowed.`];
        return statement.Resource.filter((arn) => !byAws.includes(`${action} ${named(arn)}`))
          .filter((arn) =>
            arn === "*" ? forms.length > 0 : !forms.some((form) => fits(arn, form)),
          )
          .map((arn) => `${action} does not support ${arn}, which ${role} grants.`);
      }),
    );
};
