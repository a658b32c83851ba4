/** Wildcards, trust and keys of the pipeline's roles. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "../../../infra/testing/graph.ts";
import { at, grants, of, statements, text } from "../../../infra/testing/read.ts";
import type { Rules } from "../../../infra/testing/rule.ts";
import { deployers } from "./boundary.ts";
import { roles } from "./read.ts";

/** Wildcards that stay. docs/pipeline.md has the reason for each. */
const REASONED = [
  "acm:*",
  "budgets:*",
  "cloudfront:*",
  "cloudfront-keyvaluestore:*",
  "cloudwatch:*",
  "cognito-idp:*",
  "dynamodb:*",
  "events:*",
  "kms:*",
  "lambda:*",
  "logs:*",
  "mediaconvert:*",
  "route53:*",
  "s3:*",
  "scheduler:*",
  "ses:*",
  "sns:*",
  "sqs:*",
];
/** Actions for which IAM knows no narrower resource, or none that has a name before it exists. */
const EVERYWHERE = [
  "ses:SendEmail",
  "cloudfront:CreateInvalidation",
  "codepipeline:ListActionExecutions",
  "codepipeline:PutJobSuccessResult",
  "codepipeline:PutJobFailureResult",
];

const wildcards = (graph: Graph, root: string): string[] => {
  const docs = readFileSync(join(root, "docs/pipeline.md"), "utf8");
  const inPolicies = of(graph, "aws:iam/policy:Policy").flatMap(({ name, inputs }) =>
    statements(inputs.policy).map((statement) => ({ role: name, statement })),
  );
  const bounded = new Set(
    deployers(graph)
      .filter(({ inputs }) => inputs.permissionsBoundary)
      .map(({ name }) => name),
  );
  return [...grants(graph), ...inPolicies].flatMap(({ role, statement }) => {
    const { Effect, Action, Resource } = statement;
    if (Effect !== "Allow") return [];
    const mayBeWide = bounded.has(role) || role.endsWith("Boundary");
    const wide = Action.filter((action) => action.includes("*"));
    const everywhere = Resource.includes("*")
      ? Action.filter((action) => !REASONED.includes(action) && !EVERYWHERE.includes(action))
      : [];
    return [
      ...wide
        .filter((action) => !(mayBeWide && REASONED.includes(action)))
        .map((action) => `${role} may ${action} without a reason.`),
      ...everywhere.map((action) => `${role} may ${action} on every resource.`),
      ...wide
        .filter((action) => !docs.includes(`\`${action}\``))
        .map((action) => `docs/pipeline.md has no reason why ${role} may ${action}.`),
    ];
  });
};

/** One service for one resource of this account, or one environment of one repository. */
const trustedByMany = (graph: Graph): string[] =>
  roles(graph).flatMap(({ name, inputs }) =>
    statements(inputs.assumeRolePolicy)
      .filter(({ Principal, Condition }) => {
        const equals = Object.entries(Condition?.StringEquals ?? {});
        const claim = (end: string) => text(equals.find(([key]) => key.endsWith(end))?.[1]);
        const isService =
          typeof at(Principal, "Service") === "string" &&
          Condition?.StringEquals?.["aws:SourceAccount"] !== undefined &&
          Condition.ArnLike?.["aws:SourceArn"] !== undefined;
        const isEnvironment =
          text(at(Principal, "Federated")).includes(":oidc-provider/") &&
          claim(":aud") === "sts.amazonaws.com" &&
          /^repo:[\w.-]+\/[\w.-]+:environment:(staging|production)$/.test(claim(":sub"));
        return !isService && !isEnvironment;
      })
      .map(() => `${name} trusts more than one service or environment.`),
  );

const permanentKeys = (graph: Graph): string[] =>
  graph.resources
    .filter(({ type }) => /^aws:iam\/(accessKey|user):/.test(type))
    .map(({ name }) => `${name} is a permanent key.`);

export const ROLES = {
  "no wildcard of the pipeline is without a documented reason": {
    rule: wildcards,
    breaks: [
      {
        what: "one more service for the deployers",
        file: "delivery/codepipeline/boundary.ts",
        find: '  "acm:*",\n',
        put: '  "acm:*",\n  "organizations:*",\n',
      },
      {
        what: "a test run that may do what a deployment may",
        file: "delivery/codepipeline/projects.ts",
        find: "  return {\n    cache: cachePermissions(id),",
        put: '  return {\n    wide: [{ Action: ["s3:*"], Resource: "*" }],\n    cache: cachePermissions(id),',
      },
    ],
  },
  "a role of the pipeline trusts one service or environment": {
    rule: trustedByMany,
    breaks: [
      {
        what: "a role for every repository on GitHub",
        file: "delivery/codepipeline/github.ts",
        find: /`repo:.*`/,
        put: '"repo:*"',
      },
      {
        what: "a role for the pipelines of every account",
        file: "delivery/codepipeline/role.ts",
        find: 'StringEquals: { "aws:SourceAccount": account },',
        put: "",
      },
    ],
  },
  "the pipeline creates no permanent key": {
    rule: permanentKeys,
    breaks: [
      {
        what: "a user",
        file: "delivery/codepipeline/index.ts",
        find: "export const pipeline = ",
        put: 'new aws.iam.User("Planted", {});\nexport const pipeline = ',
      },
    ],
  },
} satisfies Rules;
