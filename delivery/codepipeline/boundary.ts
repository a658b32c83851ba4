/**
 * What a deployment may do at most, and what it may let its functions do at most. SST makes resources
 * whose names nobody knows before, so that its role cannot be narrow; these two boundaries are what keeps
 * it from becoming an administrator. docs/pipeline.md lists each wildcard with its reason, and the rules of
 * infra/testing/pipeline-rules.ts refuse any other.
 */
import type { Target } from "../stages.ts";
import { document, type Statement, TITLES } from "./role.ts";
import { account, named, region, tags } from "./settings.ts";

const app = $app.name;

/** Whole services: what SST and its provider read and write of them differs by version and by resource. */
const WIDE = [
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

/** By their path, which infra/defaults.ts gives them: SST's names lose app and stage when they are long. */
const rolesOf = (target: Target) => $interpolate`arn:aws:iam::${account}:role/${app}/${target}/*`;

/** The most that a function of the deployed app may have, whatever its role says. */
function ofFunctions(target: Target): aws.iam.Policy {
  const own = `${app}-${target}`;
  const regional = (service: string, rest: string) =>
    $interpolate`arn:aws:${service}:${region}:${account}:${rest}`;
  return new aws.iam.Policy(`${TITLES[target]}FunctionsBoundary`, {
    name: named(`${target}-functions`),
    description: `The most that a function of ${own} may do`,
    policy: document([
      {
        Action: ["dynamodb:*"],
        Resource: regional("dynamodb", `table/${own}-*`),
      },
      { Action: ["s3:*"], Resource: `arn:aws:s3:::${own}-*` },
      { Action: ["sqs:*"], Resource: regional("sqs", `${own}-*`) },
      { Action: ["lambda:InvokeFunction"], Resource: regional("lambda", `function:${own}-*`) },
      // In every region: the function that signs at the edge writes where its viewers are.
      {
        Action: ["logs:*"],
        Resource: $interpolate`arn:aws:logs:*:${account}:log-group:/aws/lambda/*`,
      },
      { Action: ["mediaconvert:*"], Resource: "*" },
      { Action: ["ses:SendEmail"], Resource: "*" },
      { Action: ["cloudfront:CreateInvalidation"], Resource: "*" },
      {
        Action: ["iam:PassRole"],
        Resource: rolesOf(target),
        Condition: { StringEquals: { "iam:PassedToService": "mediaconvert.amazonaws.com" } },
      },
      // The record of a delivery: who approved it, and that it is written.
      {
        Action: [
          "codepipeline:ListActionExecutions",
          "codepipeline:PutJobSuccessResult",
          "codepipeline:PutJobFailureResult",
        ],
        Resource: "*",
      },
    ]),
    tags,
  });
}

/** What a deployment of `target` needs; its role is given this, and its boundary allows no more. */
function deploying(target: Target, functions: aws.iam.Policy): Statement[] {
  return [
    { Action: WIDE, Resource: "*" },
    // A role that it makes is held by the functions' boundary, or is not made.
    {
      Action: [
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
      ],
      Resource: rolesOf(target),
      Condition: { StringEquals: { "iam:PermissionsBoundary": functions.arn } },
    },
    {
      Action: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRoleTags",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
        "iam:UpdateAssumeRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:DeleteRole",
      ],
      Resource: rolesOf(target),
    },
    {
      Action: ["iam:PassRole"],
      Resource: rolesOf(target),
      Condition: {
        StringEquals: {
          "iam:PassedToService": [
            "lambda.amazonaws.com",
            "edgelambda.amazonaws.com",
            "mediaconvert.amazonaws.com",
            "scheduler.amazonaws.com",
          ],
        },
      },
    },
    // CloudFront copies the function that signs at the edge by roles of AWS's own.
    {
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: $interpolate`arn:aws:iam::${account}:role/aws-service-role/*`,
      Condition: {
        StringEquals: {
          "iam:AWSServiceName": [
            "replicator.lambda.amazonaws.com",
            "logger.cloudfront.amazonaws.com",
          ],
        },
      },
    },
    // SST's own memory: where its buckets are, and the key of this stage's secrets.
    {
      Action: ["ssm:GetParameter", "ssm:GetParameters", "ssm:PutParameter"],
      Resource: [
        $interpolate`arn:aws:ssm:${region}:${account}:parameter/sst/bootstrap`,
        $interpolate`arn:aws:ssm:${region}:${account}:parameter/sst/passphrase/${app}/${target}`,
      ],
    },
    {
      Action: ["ecr:DescribeRepositories", "ecr:CreateRepository"],
      Resource: $interpolate`arn:aws:ecr:${region}:${account}:repository/sst-asset`,
    },
  ];
}

/** What no deployment of `target` may do, though a wildcard above would let it. */
function never(target: Target): Statement[] {
  const other = target === "staging" ? "production" : "staging";
  return [
    // The other stage: by its tag, and by its name where there are no tags.
    {
      Effect: "Deny",
      Action: ["*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/stage": other } },
    },
    {
      Effect: "Deny",
      Action: ["*"],
      Resource: [
        `arn:aws:s3:::${app}-${other}-*`,
        // SST's state and secrets lie in one bucket for all stages.
        `arn:aws:s3:::sst-state-*/*/${app}/${other}*`,
        `arn:aws:s3:::sst-state-*/*/${app}/pipeline*`,
        `arn:aws:lambda:*:*:function:${app}-${other}-*`,
        `arn:aws:dynamodb:*:*:table/${app}-${other}-*`,
        `arn:aws:sqs:*:*:${app}-${other}-*`,
        `arn:aws:sns:*:*:${app}-${other}-*`,
      ],
    },
    // The pipeline that runs it: who hears, and what the stages hand on.
    {
      Effect: "Deny",
      Action: [
        "sns:*",
        "events:*",
        "logs:Delete*",
        "s3:DeleteBucket*",
        "s3:PutBucket*",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:DeleteObject*",
      ],
      Resource: [
        `arn:aws:sns:*:*:${named("*")}`,
        `arn:aws:events:*:*:rule/${named("*")}`,
        `arn:aws:logs:*:*:log-group:/${app}/pipeline/*`,
        `arn:aws:s3:::${named("*")}`,
      ],
    },
    // People's footage and rows: putting up the app takes none of them.
    {
      Effect: "Deny",
      Action: [
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:PartiQLSelect",
      ],
      Resource: `arn:aws:dynamodb:*:*:table/${app}-${target}-*`,
    },
    {
      Effect: "Deny",
      Action: ["s3:GetObject*"],
      Resource: [
        `arn:aws:s3:::${app}-${target}-uploads*/*`,
        `arn:aws:s3:::${app}-${target}-renditions*/*`,
      ],
    },
    { Effect: "Deny", Action: ["iam:DeleteRolePermissionsBoundary"], Resource: "*" },
  ];
}

/** Both boundaries of a stage, and what its deployment may do within them. */
export function boundaries(target: Target, delivery: Statement[]) {
  const functions = ofFunctions(target);
  const may = deploying(target, functions);
  const deployer = new aws.iam.Policy(`${TITLES[target]}DeployerBoundary`, {
    name: named(`${target}-deployer`),
    description: `The most that a deployment of ${app}-${target} may do`,
    // What a build needs besides is within it as well, or the boundary would take it away.
    policy: document([...may, ...delivery, ...never(target)]),
    tags,
  });
  return { functions, deployer, may };
}
