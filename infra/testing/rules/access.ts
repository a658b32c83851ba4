/** Access: roles, grants and policies. */
import { actionsFit, grantedAsUsed } from "../calls/granted.ts";
import type { Graph } from "../graph.ts";
import { failures, grants, key, list, of, statements, text } from "../read.ts";
import type { Rules } from "../rule.ts";

/** Wildcards that stay, because AWS or SST allows nothing narrower. */
const ALLOWED: Record<string, string> = {
  "codepipeline:PutJobSuccessResult": "IAM knows no resource for a job's result, only its id",
  "codepipeline:PutJobFailureResult": "IAM knows no resource for a job's result, only its id",
  "mediaconvert:Probe": "IAM knows no resource for Probe, which reads what S3 allows the caller",
  "cloudfront:CreateInvalidation": "SST writes it for its Next.js sites. It can only empty a cache",
};

const wildcards = (graph: Graph): string[] =>
  grants(graph).flatMap(({ role, statement: { Effect, Action, Resource } }) => {
    if (Effect !== "Allow") return [];
    const everywhere = Resource.includes("*") ? Action.filter((action) => !ALLOWED[action]) : [];
    return [
      ...Action.filter((action) => action.includes("*")).map((action) => `${role} may ${action}.`),
      ...everywhere.map((action) => `${role} may ${action} on every resource.`),
    ];
  });

const trustedAccounts = (graph: Graph): string[] =>
  of(graph, "aws:iam/role:Role").flatMap(({ name, inputs }) =>
    statements(inputs.assumeRolePolicy)
      .filter(({ Principal }) => Principal === "*" || key(Principal, "AWS") !== undefined)
      .map(() => `An account may assume ${name}.`),
  );

/** The pipeline's deployer may create only roles in its stage's path that have the boundary. */
const unboundedRoles = (graph: Graph): string[] =>
  of(graph, "aws:iam/role:Role").flatMap(({ name, inputs }) =>
    failures(
      [text(inputs.permissionsBoundary).includes(":policy/"), `${name} has no boundary.`],
      [inputs.path === `/rushes/${graph.stage}/`, `${name} is not in the path of its stage.`],
    ),
  );

const openQueuePolicies = (graph: Graph): string[] =>
  of(graph, "aws:sqs/queuePolicy:QueuePolicy").flatMap(({ name, inputs }) =>
    statements(inputs.policy)
      .filter(({ Condition }) => !Condition?.StringEquals?.["aws:SourceAccount"])
      .map(() => `${name} lets the buckets of any account send.`),
  );

const missingIndexes = (graph: Graph): string[] => {
  const indexes = of(graph, "aws:dynamodb/table:Table")
    .flatMap(({ inputs }) => list(inputs.globalSecondaryIndexes))
    .map((index) => text(key(index, "name")));
  return grants(graph).flatMap(({ role, statement }) =>
    statement.Resource.flatMap((arn) => /:table\/[^/]+\/index\/(.+)$/.exec(arn)?.[1] ?? [])
      .filter((name) => !indexes.includes(name))
      .map((name) => `${role} may query the index ${name}, which does not exist.`),
  );
};

export const ACCESS = {
  "no grant is a wildcard without a reason": {
    rule: wildcards,
    breaks: [
      {
        what: "an action that is a wildcard",
        file: "infra/permissions.ts",
        find: 'actions: ["mediaconvert:GetJob"]',
        put: 'actions: ["mediaconvert:*"]',
      },
      {
        what: "a resource that is a wildcard",
        file: "infra/permissions.ts",
        find: 'actions: ["s3:PutObject"],\n    resources: [objects(uploads)]',
        put: 'actions: ["s3:PutObject"],\n    resources: ["*"]',
      },
      {
        what: "a resource of the site that is a wildcard",
        file: "infra/web.ts",
        find: "resources: [...functions.values()].map((called) => called.arn)",
        put: 'resources: ["*"]',
      },
    ],
  },
  "only services may assume a role": {
    rule: trustedAccounts,
    breaks: [
      {
        what: "roles that the account's root may assume",
        file: "infra/defaults.ts",
        find: "  if ($dev) return;\n",
        put: "  return;\n",
      },
    ],
  },
  "every role has the boundary and its stage's path": {
    rule: unboundedRoles,
    breaks: [
      {
        what: "roles without the boundary",
        file: "infra/defaults.ts",
        find: "  if (permissionsBoundary) args.permissionsBoundary = permissionsBoundary;\n",
        put: "",
      },
    ],
  },
  "each function may do what it was recorded to do, and nothing else": {
    rule: grantedAsUsed,
    breaks: [
      {
        what: "an action that no function uses",
        file: "infra/permissions.ts",
        find: '"mediaconvert:GetJob"',
        put: '"mediaconvert:GetJob", "mediaconvert:ListJobs"',
      },
      {
        what: "an index that a function may query and never does",
        file: "infra/functions.ts",
        find: 'may.lists("owner", "due")',
        put: 'may.lists("owner", "due", "name")',
      },
      {
        what: "a used action that is not granted",
        file: "infra/permissions.ts",
        find: ', "mediaconvert:SearchJobs"',
        put: "",
      },
      {
        what: "a bucket that cannot report a missing object",
        file: "infra/permissions.ts",
        find: '  { actions: ["s3:ListBucket"], resources: [bucket.arn] },\n',
        put: "",
      },
    ],
  },
  "each action is granted only on resources that it applies to": {
    rule: actionsFit,
    breaks: [
      {
        what: "an action on a resource that it does not apply to",
        file: "infra/permissions.ts",
        find: '"mediaconvert:SearchJobs"], resources: [queue.arn]',
        put: '"mediaconvert:SearchJobs"], resources: [queue.arn, jobs]',
      },
    ],
  },
  "every index that a grant names exists": {
    rule: missingIndexes,
    breaks: [
      {
        what: "an index under another name",
        file: "infra/table.ts",
        find: "[index.name, {",
        put: '[index.name.replace("changed", "changes"), {',
      },
    ],
  },
  "only services of this account may send to a queue": {
    rule: openQueuePolicies,
    breaks: [
      {
        what: "a queue that any account's bucket may send to",
        file: "infra/defaults.ts",
        find: '        statement.Condition = { StringEquals: { "aws:SourceAccount": account } };\n',
        put: "",
      },
    ],
  },
} satisfies Rules;
