/** The boundaries of the roles that deploy, and of the roles that they create. */
import type { Graph, Resource } from "../../../infra/testing/graph.ts";
import {
  covers,
  failures,
  grants,
  key,
  of,
  type Statement,
  statements,
  text,
} from "../../../infra/testing/read.ts";
import type { Rules } from "../../../infra/testing/rule.ts";
import { actions, isDeploy, policyByArn, roles } from "./read.ts";

/** The roles that deploy the app: those that a deployment runs with, and every role with a wildcard. */
export function deployers(graph: Graph): Resource[] {
  const run = actions(graph)
    .filter((one) => isDeploy(one))
    .map(({ role }) => role);
  const wide = grants(graph)
    .filter(({ statement }) => statement.Action.some((action) => action.endsWith(":*")))
    .map(({ role }) => roles(graph).find(({ name }) => name === role));
  return [...new Set([...run, ...wide].filter((role) => role !== undefined))];
}

const allows = (allowed: Statement[], action: string, resource: string): boolean =>
  allowed.some(
    (one) =>
      one.Action.some((pattern) => covers(pattern, action)) &&
      one.Resource.some((pattern) => covers(pattern, resource)),
  );
const withEffect = (all: Statement[], effect: string) =>
  all.filter(({ Effect }) => Effect === effect);

function boundaryProblems(graph: Graph, { name, inputs }: Resource): string[] {
  const boundary = policyByArn(graph, inputs.permissionsBoundary);
  if (!boundary) return [`${name} deploys without a boundary.`];
  const limits = statements(boundary.inputs.policy);
  const allowed = withEffect(limits, "Allow");
  const createsRoles = allowed.filter(({ Action }) => Action.includes("iam:CreateRole"));
  const passesOn = createsRoles.every(({ Condition }) =>
    policyByArn(graph, key(Condition?.StringEquals, "iam:PermissionsBoundary")),
  );
  const removed = grants(graph)
    .filter(({ role }) => role === name)
    .flatMap(({ statement: { Action, Resource } }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
    )
    .filter(({ action, resource }) => !allows(allowed, action, resource));
  return [
    ...failures(
      [passesOn && createsRoles.length > 0, `${name} may create roles without a boundary.`],
      [
        withEffect(limits, "Deny").some(({ Action }) =>
          Action.includes("iam:DeleteRolePermissionsBoundary"),
        ),
        `${name} may remove boundaries.`,
      ],
    ),
    ...removed.map(
      ({ action, resource }) => `The boundary of ${name} denies ${action} on ${resource}.`,
    ),
  ];
}

const unbounded = (graph: Graph): string[] => {
  const all = deployers(graph);
  if (all.length < 2) return ["A role that deploys is missing."];
  return all.flatMap((role) => boundaryProblems(graph, role));
};

/** IAM allows 6,144 characters in a managed policy, without whitespace. */
const MAX_POLICY_CHARACTERS = 6144;
const tooLong = (graph: Graph): string[] =>
  of(graph, "aws:iam/policy:Policy")
    .filter(
      ({ inputs }) => text(inputs.policy).replaceAll(/\s/g, "").length > MAX_POLICY_CHARACTERS,
    )
    .map(({ name }) => `${name} is longer than IAM allows.`);

const NAMES = ["sst-state-*/*/rushes/", "function:rushes-", "table/rushes-", ":rushes-"];
/** The deployer of one stage is denied the other one, by its tag and by its names. */
const crossing = (graph: Graph): string[] =>
  (["staging", "production"] as const).flatMap((stage) => {
    const other = stage === "staging" ? "production" : "staging";
    const boundary = of(graph, "aws:iam/policy:Policy").find(
      ({ inputs }) => text(inputs.name) === `rushes-pipeline-${stage}-deployer`,
    );
    const all = statements(boundary?.inputs.policy);
    const denied = withEffect(all, "Deny");
    const byTag = denied.some(
      ({ Action, Condition }) =>
        Action.includes("*") &&
        JSON.stringify(Condition) === `{"StringEquals":{"aws:ResourceTag/stage":"${other}"}}`,
    );
    const byName = NAMES.every((name) =>
      denied.some(({ Resource }) => Resource.some((arn) => arn.includes(`${name}${other}`))),
    );
    const reachable = withEffect(all, "Allow")
      .flatMap(({ Resource }) => Resource)
      .filter((arn) => arn.includes(other));
    return [
      ...failures([byTag && byName, `The deployer of ${stage} may change ${other}.`]),
      ...reachable.map((arn) => `The deployer of ${stage} may use ${arn}.`),
    ];
  });

/** The grants of a deployed stage to its functions that their boundary denies. */
export function deniedToFunctions(pipeline: Graph, app: Graph): string[] {
  const boundary = of(pipeline, "aws:iam/policy:Policy").find(
    ({ inputs }) => inputs.name === `rushes-pipeline-${app.stage}-functions`,
  );
  const allowed = withEffect(statements(boundary?.inputs.policy), "Allow");
  // The mocks do not know the names of buckets or the paths of roles.
  const deployed = (arn: string) =>
    arn
      .replace(/^arn:aws:s3:::/, `arn:aws:s3:::rushes-${app.stage}-`)
      .replace(/:role\//, `:role/rushes/${app.stage}/`);
  return grants(app).flatMap(({ role, statement }) =>
    statement.Action.flatMap((action) =>
      statement.Resource.map(deployed)
        .filter((arn) => !allows(allowed, action, arn))
        .map((arn) => `${role} may ${action} on ${arn}, but its boundary denies it.`),
    ),
  );
}

export const BOUNDARY = {
  "every deployer has a boundary and gives one to the roles it creates": {
    rule: unbounded,
    breaks: [
      {
        what: "a deployer without its boundary",
        file: "delivery/codepipeline/projects.ts",
        find: /boundary: kind === "deploy".*,/,
        put: "",
      },
      {
        what: "a role of GitHub Actions without its boundary",
        file: "delivery/codepipeline/github.ts",
        find: "    boundary: limits[target].deployer.arn,\n",
        put: "",
      },
      {
        what: "a boundary that allows roles without a boundary",
        file: "delivery/codepipeline/boundary.ts",
        find: 'Condition: { StringEquals: { "iam:PermissionsBoundary": functions.arn } },',
        put: "",
      },
      {
        what: "a boundary that can be removed",
        file: "delivery/codepipeline/boundary.ts",
        find: '"iam:DeleteRolePermissionsBoundary"',
        put: '"iam:DeleteRole"',
      },
      {
        what: "a boundary that denies what a deployment needs",
        file: "delivery/codepipeline/boundary.ts",
        find: "document([...permissions, ...extra, ...denials(target)])",
        put: "document([...permissions, ...denials(target)])",
      },
    ],
  },
  "every policy is short enough for IAM": {
    rule: tooLong,
    breaks: [
      {
        what: "a policy that is too long",
        file: "delivery/codepipeline/boundary.ts",
        find: '  "acm:*",\n',
        put: '  "acm:*",\n  ...Array.from({ length: 600 }, (_, at) => "acm:Planted".concat(String(at))),\n',
      },
    ],
  },
  "the deployer of one stage cannot change the other": {
    rule: crossing,
    breaks: [
      {
        what: "a boundary that does not deny the other stage",
        file: "delivery/codepipeline/boundary.ts",
        find: 'Condition: { StringEquals: { "aws:ResourceTag/stage": other } },',
        put: 'Condition: { StringEquals: { "aws:ResourceTag/stage": "trial" } },',
      },
    ],
  },
} satisfies Rules;
