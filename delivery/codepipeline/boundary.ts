/**
 * The permissions boundaries of a deployment and of the functions that it creates. The names of SST's resources are not
 * known in advance, so the deployer's role cannot be narrow. These two boundaries prevent it from becoming an
 * administrator. docs/pipeline.md has a reason for each wildcard, and rules/roles.ts rejects any other.
 */
import type { Target } from "../stages.ts";
import { document, type Statement, TITLES } from "./role.ts";
import { account, named, region, tags } from "./settings.ts";

const app = $app.name;

/** Whole services. The actions that SST and its provider need differ by version and resource. */
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

/** Reads and changes of a role that leave its permissions as they are. */
const MANAGE_ROLE = [
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
];

/** Matches by path, which infra/defaults.ts sets, because SST cuts app and stage from long names. */
const rolesOf = (target: Target) => $interpolate`arn:aws:iam::${account}:role/${app}/${target}/*`;

/** The boundary of the functions of a deployed stage. */
function functionsBoundary(target: Target): aws.iam.Policy {
  const stage = `${app}-${target}`;
  const regional = (service: string, rest: string) =>
    $interpolate`arn:aws:${service}:${region}:${account}:${rest}`;
  return new aws.iam.Policy(`${TITLES[target]}FunctionsBoundary`, {
    name: named(`${target}-functions`),
    // IAM cannot change a description: another text would replace the policy.
    description: `The most that a function of ${stage} may do`,
    policy: document([
      {
        Action: ["dynamodb:*"],
        Resource: regional("dynamodb", `table/${stage}-*`),
      },
      { Action: ["s3:*"], Resource: `arn:aws:s3:::${stage}-*` },
      { Action: ["sqs:*"], Resource: regional("sqs", `${stage}-*`) },
      { Action: ["lambda:InvokeFunction"], Resource: regional("lambda", `function:${stage}-*`) },
      // In every Region, because the function at the edge writes its log near the viewer.
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
      // For the record of a delivery: it reads the approver and reports its result.
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

/** The permissions of a deployment. Its role has them, and its boundary allows no more. */
function deployPermissions(target: Target, functions: aws.iam.Policy): Statement[] {
  return [
    { Action: WIDE, Resource: "*" },
    ...rolePermissions(target, functions),
    // SST's bootstrap data: its buckets, and the passphrase of this stage's secrets.
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

/** The permissions to create and pass the roles of the app. */
function rolePermissions(target: Target, functions: aws.iam.Policy): Statement[] {
  return [
    // It may create only roles with the functions' boundary.
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
      Action: MANAGE_ROLE,
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
    // CloudFront replicates the function at the edge with service-linked roles.
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
  ];
}

/** Denies what the wildcards above would allow. */
const denials = (target: Target): Statement[] => [
  ...otherStageDenials(target === "staging" ? "production" : "staging"),
  ...pipelineDenials(),
  ...dataDenials(target),
  { Effect: "Deny", Action: ["iam:DeleteRolePermissionsBoundary"], Resource: "*" },
];

function otherStageDenials(other: Target): Statement[] {
  return [
    // By its tag, and by its name where resources have no tags.
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
        // SST keeps the state and secrets of all stages in one bucket.
        `arn:aws:s3:::sst-state-*/*/${app}/${other}*`,
        `arn:aws:s3:::sst-state-*/*/${app}/pipeline*`,
        `arn:aws:lambda:*:*:function:${app}-${other}-*`,
        `arn:aws:dynamodb:*:*:table/${app}-${other}-*`,
        `arn:aws:sqs:*:*:${app}-${other}-*`,
        `arn:aws:sns:*:*:${app}-${other}-*`,
      ],
    },
  ];
}

/** The pipeline's own notices, logs and artifacts. */
function pipelineDenials(): Statement[] {
  return [
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
  ];
}

/** Users' videos and rows. A deployment does not read them. */
function dataDenials(target: Target): Statement[] {
  return [
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
  ];
}

/** Both boundaries of a stage, and the permissions of its deployer. The build around a deployment needs `extra`. */
export function boundaries(target: Target, extra: Statement[]) {
  const functions = functionsBoundary(target);
  const permissions = deployPermissions(target, functions);
  const deployer = new aws.iam.Policy(`${TITLES[target]}DeployerBoundary`, {
    name: named(`${target}-deployer`),
    // IAM cannot change a description: another text would replace the policy.
    description: `The most that a deployment of ${app}-${target} may do`,
    policy: document([...permissions, ...extra, ...denials(target)]),
    tags,
  });
  return { functions, deployer, permissions };
}
