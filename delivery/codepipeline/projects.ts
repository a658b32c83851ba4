/** The CodeBuild projects: one for each stage with a buildspec, each with its own role. */
import type { DeliveryStage, Target } from "../stages.ts";
import { STAGES } from "../stages.ts";
import { artifacts, key } from "./artifacts.ts";
import { boundaries } from "./boundary.ts";
import { consoleUrl, notices, pipelineName, publish } from "./notices.ts";
import { role, type Statement, trustService } from "./role.ts";
import {
  account,
  branch,
  named,
  region,
  repository,
  settingsName,
  TARGETS,
  tags,
} from "./settings.ts";

type Variable = aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable;

const projectArn = (id: string) =>
  $interpolate`arn:aws:codebuild:${region}:${account}:project/${named(id)}`;
const logGroupName = (id: string) => `/${$app.name}/pipeline/${id}`;

/** The API token for the test video on staging. The operator stores its value. */
export const token = new aws.secretsmanager.Secret("EndToEndToken", {
  name: `${$app.name}/staging/e2e-token`,
  description: "A Rushes API token of staging with the scopes upload, read and manage",
  tags,
});

/** Every project writes its own log and reads the sources from the pipeline. */
const buildPermissions = (id: string): Statement[] => [
  {
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: $interpolate`arn:aws:logs:${region}:${account}:log-group:${logGroupName(id)}:*`,
  },
  {
    Action: ["s3:GetObject", "s3:PutObject"],
    // CodePipeline's folder is named after the first 20 characters of the pipeline's name.
    Resource: $interpolate`${artifacts.arn}/${pipelineName.slice(0, 20)}/*`,
  },
  { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
];

/** Each project has its own cache. A deployment reads none. */
const cachePermissions = (id: string): Statement[] => [
  {
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: $interpolate`${artifacts.arn}/cache/${id}/*`,
  },
];

const reportPermissions = (id: string): Statement[] => [
  {
    Action: [
      "codebuild:CreateReportGroup",
      "codebuild:CreateReport",
      "codebuild:UpdateReport",
      "codebuild:BatchPutTestCases",
    ],
    Resource: $interpolate`arn:aws:codebuild:${region}:${account}:report-group/${named(id)}-*`,
  },
];

const readAlarms: Statement = {
  Action: ["cloudwatch:DescribeAlarms"],
  Resource: $interpolate`arn:aws:cloudwatch:${region}:${account}:alarm:*`,
};

const readSettings = (target: Target): Statement => ({
  Action: ["ssm:GetParameters"],
  Resource: $interpolate`arn:aws:ssm:${region}:${account}:parameter${settingsName(target)}`,
});

/** The boundaries of each stage. CodePipeline and GitHub Actions use the same ones. */
export const limits = {
  staging: boundaries("staging", [...buildPermissions("deploy-staging"), readSettings("staging")]),
  production: boundaries("production", [
    ...buildPermissions("deploy-production"),
    readSettings("production"),
  ]),
};

/** The permissions of a project beyond its build, by the kind of its stage. */
function extraPermissions({ id, kind, target }: DeliveryStage): Record<string, Statement[]> {
  if (kind === "deploy" && target) {
    return { deploy: limits[target].permissions, settings: [readSettings(target)] };
  }
  if (kind === "e2e" && target) {
    return {
      cache: cachePermissions(id),
      settings: [readSettings(target), readAlarms],
      token: [{ Action: ["secretsmanager:GetSecretValue"], Resource: token.arn }],
    };
  }
  if (kind === "notice") {
    // It reads which commit production runs, to link to the changes.
    return { notices: publish, settings: TARGETS.map(readSettings) };
  }
  return {
    cache: cachePermissions(id),
    ...(kind === "test" && { reports: reportPermissions(id) }),
  };
}

const plain = (name: string, value: $util.Input<string>): Variable => ({ name, value });

/** The variables of a project. The pipeline adds those of the delivery. */
function environment({ kind, target }: DeliveryStage): Variable[] {
  if (!target) return [];
  const settings = (name: string, of: Target): Variable => ({
    name,
    value: settingsName(of),
    type: "PARAMETER_STORE",
  });
  const common = [plain("DELIVERY_STAGE", target), settings("RUSHES_SETTINGS", target)];
  switch (kind) {
    case "deploy":
      return [...common, plain("RUSHES_PERMISSIONS_BOUNDARY", limits[target].functions.arn)];
    case "e2e":
      return [...common, { name: "RUSHES_TOKEN", value: token.name, type: "SECRETS_MANAGER" }];
    case "notice":
      return [
        ...common,
        settings("PRODUCTION_SETTINGS", "production"),
        plain("NOTICES_TOPIC", notices.arn),
        plain("DELIVERY_CONSOLE", consoleUrl),
        plain("DELIVERY_REPOSITORY", repository),
        plain("DELIVERY_BRANCH", branch),
      ];
    default:
      return common;
  }
}

const title = (id: string): string =>
  id.replaceAll(/(^|-)(\w)/g, (_match, _dash, char: string) => char.toUpperCase());

function project(stage: DeliveryStage & { buildspec: string }): aws.codebuild.Project {
  const { id, kind, target } = stage;
  const log = new aws.cloudwatch.LogGroup(`${title(id)}Log`, {
    name: logGroupName(id),
    retentionInDays: 90,
    tags,
  });
  const serviceRole = role(`${title(id)}Role`, {
    name: id,
    trust: trustService("codebuild.amazonaws.com", projectArn(id)),
    permissions: { build: buildPermissions(id), ...extraPermissions(stage) },
    boundary: kind === "deploy" && target ? limits[target].deployer.arn : undefined,
  });
  // A deployment reads no cache: anyone who can write a cache could change what is deployed.
  const cached = kind === "build" || kind === "test" || kind === "e2e";
  return new aws.codebuild.Project(`${title(id)}Project`, {
    name: named(id),
    description: stage.title,
    serviceRole: serviceRole.arn,
    source: { type: "CODEPIPELINE", buildspec: stage.buildspec },
    artifacts: { type: "CODEPIPELINE" },
    encryptionKey: key.arn,
    environment: {
      type: "LINUX_CONTAINER",
      image: "aws/codebuild/standard:7.0",
      // Browsers and the encoder need memory. The other projects wait for the network.
      computeType: cached ? "BUILD_GENERAL1_MEDIUM" : "BUILD_GENERAL1_SMALL",
      environmentVariables: environment(stage),
    },
    cache: cached
      ? { type: "S3", location: $interpolate`${artifacts.bucket}/cache/${id}` }
      : undefined,
    logsConfig: { cloudwatchLogs: { groupName: log.name } },
    buildTimeout: 60,
    queuedTimeout: 60,
    tags,
  });
}

const hasBuildspec = (stage: DeliveryStage): stage is DeliveryStage & { buildspec: string } =>
  stage.buildspec !== undefined;

/** The projects by the id of their stage. */
export const projects = new Map(
  (STAGES as readonly DeliveryStage[])
    .filter(hasBuildspec)
    .map((stage) => [stage.id, project(stage)]),
);
