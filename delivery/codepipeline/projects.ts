/** What CodeBuild runs: one project for each stage that has a buildspec, each with a role of its own. */
import type { DeliveryStage, Target } from "../stages.ts";
import { STAGES } from "../stages.ts";
import { artifacts, key } from "./artifacts.ts";
import { boundaries } from "./boundary.ts";
import { consoleUrl, notices, pipelineName, publish } from "./notices.ts";
import { role, type Statement, servedBy } from "./role.ts";
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

/** The token with which a delivery sends its video through staging; its operator puts the value there. */
export const token = new aws.secretsmanager.Secret("EndToEndToken", {
  name: `${$app.name}/staging/e2e-token`,
  description: "A Rushes API token of staging that may upload, read and remove",
  tags,
});

/** What every project needs: its own log, and the sources that the pipeline hands to it. */
const building = (id: string): Statement[] => [
  {
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: $interpolate`arn:aws:logs:${region}:${account}:log-group:${logGroupName(id)}:*`,
  },
  {
    Action: ["s3:GetObject", "s3:PutObject"],
    // CodePipeline's folder has the first twenty characters of its name.
    Resource: $interpolate`${artifacts.arn}/${pipelineName.slice(0, 20)}/*`,
  },
  { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
];

/** A cache of its own. Nothing that deploys reads what a test run has written. */
const caching = (id: string): Statement[] => [
  {
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: $interpolate`${artifacts.arn}/cache/${id}/*`,
  },
];

const reporting = (id: string): Statement[] => [
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

const watching: Statement = {
  Action: ["cloudwatch:DescribeAlarms"],
  Resource: $interpolate`arn:aws:cloudwatch:${region}:${account}:alarm:*`,
};

const readingSettings = (target: Target): Statement => ({
  Action: ["ssm:GetParameters"],
  Resource: $interpolate`arn:aws:ssm:${region}:${account}:parameter${settingsName(target)}`,
});

/** Boundaries by stage: both ways of delivering are held by the same ones. */
export const held = {
  staging: boundaries("staging", [...building("deploy-staging"), readingSettings("staging")]),
  production: boundaries("production", [
    ...building("deploy-production"),
    readingSettings("production"),
  ]),
};

/** What a project may do besides, by what its stage is for. */
function besides({ id, kind, target }: DeliveryStage): Record<string, Statement[]> {
  if (kind === "deploy" && target) {
    return { deploy: held[target].may, settings: [readingSettings(target)] };
  }
  if (kind === "e2e" && target) {
    return {
      cache: caching(id),
      settings: [readingSettings(target), watching],
      token: [{ Action: ["secretsmanager:GetSecretValue"], Resource: token.arn }],
    };
  }
  if (kind === "notice") {
    // It asks production which commit it runs, to link to what is new.
    return { notices: publish, settings: TARGETS.map(readingSettings) };
  }
  return { cache: caching(id), ...(kind === "test" && { reports: reporting(id) }) };
}

const plain = (name: string, value: $util.Input<string>): Variable => ({ name, value });

/** What a build is told beside what the pipeline tells it of this delivery. */
function environment({ kind, target }: DeliveryStage): Variable[] {
  if (!target) return [];
  const settings = (name: string, of: Target): Variable => ({
    name,
    value: settingsName(of),
    type: "PARAMETER_STORE",
  });
  const own = [plain("DELIVERY_STAGE", target), settings("RUSHES_SETTINGS", target)];
  switch (kind) {
    case "deploy":
      return [...own, plain("RUSHES_PERMISSIONS_BOUNDARY", held[target].functions.arn)];
    case "e2e":
      return [...own, { name: "RUSHES_TOKEN", value: token.name, type: "SECRETS_MANAGER" }];
    case "notice":
      return [
        ...own,
        settings("PRODUCTION_SETTINGS", "production"),
        plain("NOTICES_TOPIC", notices.arn),
        plain("DELIVERY_CONSOLE", consoleUrl),
        plain("DELIVERY_REPOSITORY", repository),
        plain("DELIVERY_BRANCH", branch),
      ];
    default:
      return own;
  }
}

const title = (id: string): string =>
  id.replaceAll(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase());

function project(stage: DeliveryStage & { buildspec: string }): aws.codebuild.Project {
  const { id, kind, target } = stage;
  const log = new aws.cloudwatch.LogGroup(`${title(id)}Log`, {
    name: logGroupName(id),
    retentionInDays: 90,
    tags,
  });
  const serviceRole = role(`${title(id)}Role`, {
    name: id,
    assumedBy: servedBy("codebuild.amazonaws.com", projectArn(id)),
    may: { build: building(id), ...besides(stage) },
    ...(kind === "deploy" && target && { boundary: held[target].deployer.arn }),
  });
  // A deployment reads no cache: whoever could write one could write what is deployed.
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
      // Browsers and the encoder take room; the rest waits for the network.
      computeType: cached ? "BUILD_GENERAL1_MEDIUM" : "BUILD_GENERAL1_SMALL",
      environmentVariables: environment(stage),
    },
    ...(cached && {
      cache: { type: "S3", location: $interpolate`${artifacts.bucket}/cache/${id}` },
    }),
    logsConfig: { cloudwatchLogs: { groupName: log.name } },
    buildTimeout: 60,
    queuedTimeout: 60,
    tags,
  });
}

const hasBuildspec = (stage: DeliveryStage): stage is DeliveryStage & { buildspec: string } =>
  stage.buildspec !== undefined;

/** The project of each stage that has one, by the stage's id. */
export const projects = new Map(
  (STAGES as readonly DeliveryStage[])
    .filter(hasBuildspec)
    .map((stage) => [stage.id, project(stage)]),
);
