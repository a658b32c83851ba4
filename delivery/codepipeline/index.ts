/**
 * The delivery on AWS: CodePipeline in its own SST stage, so that it outlives what it deploys (`sst deploy --stage
 * pipeline`). Its stages are those of delivery/stages.ts, in that order.
 */
import { type DeliveryStage, type ReleaseParameters, STAGES } from "../stages.ts";
import { artifacts, key } from "./artifacts.ts";
import { consoleUrl, notices, pipelineName, publish } from "./notices.ts";
import { projects, token } from "./projects.ts";
import { role, trustService } from "./role.ts";
import {
  account,
  branch,
  githubActions,
  named,
  recorderName,
  region,
  repository,
  tags,
} from "./settings.ts";

type Action = aws.types.input.codepipeline.PipelineStageAction;

/** A person must confirm this connection in the console once. */
export const connection = new aws.codeconnections.Connection("GitHub", {
  name: named("github"),
  providerType: "GitHub",
  tags,
});

const arn = $interpolate`arn:aws:codepipeline:${region}:${account}:${pipelineName}`;
const recorder = recorderName("production");

const pipelineRole = role("PipelineRole", {
  name: "run",
  trust: trustService("codepipeline.amazonaws.com", arn),
  permissions: {
    source: [
      {
        Action: ["codestar-connections:UseConnection", "codeconnections:UseConnection"],
        Resource: connection.arn,
      },
    ],
    artifacts: [
      { Action: ["s3:GetObject", "s3:PutObject"], Resource: $interpolate`${artifacts.arn}/*` },
      { Action: ["s3:GetBucketVersioning", "s3:GetBucketLocation"], Resource: artifacts.arn },
      { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
    ],
    build: [
      {
        Action: ["codebuild:StartBuild", "codebuild:BatchGetBuilds"],
        Resource: [...projects.values()].map((project) => project.arn),
      },
    ],
    notices: publish,
    record: [
      {
        Action: ["lambda:InvokeFunction"],
        Resource: $interpolate`arn:aws:lambda:${region}:${account}:function:${recorder}`,
      },
    ],
  },
});

/** The variables that a build gets from the pipeline. */
const variablesOf = (stage: DeliveryStage) => {
  const variables: Record<string, string> = {
    RUSHES_COMMIT: "#{source.CommitId}",
    // An undefined variable would be passed on as text.
    ...(stage.id !== "build" && { RUSHES_VERSION: "#{build.VERSION}" }),
    DELIVERY_EXECUTION: "#{codepipeline.PipelineExecutionId}",
    ...((stage.kind === "e2e" || stage.kind === "notice") && {
      DELIVERY_URL: `#{deploy-${stage.target}.URL}`,
    }),
  };
  return $jsonStringify(
    Object.entries(variables).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
  );
};

const released: ReleaseParameters = {
  version: "#{build.VERSION}",
  commit: "#{source.CommitId}",
  url: "#{deploy-production.URL}",
  pipeline: pipelineName,
  pipelineExecutionId: "#{codepipeline.PipelineExecutionId}",
};

/** The action of a stage. */
function action(stage: DeliveryStage): Action {
  const common = { name: stage.id, namespace: stage.id, version: "1" };
  switch (stage.kind) {
    case "source":
      return {
        ...common,
        category: "Source",
        owner: "AWS",
        provider: "CodeStarSourceConnection",
        outputArtifacts: ["source"],
        configuration: {
          ConnectionArn: connection.arn,
          FullRepositoryId: repository,
          BranchName: branch,
          OutputArtifactFormat: "CODE_ZIP",
          // The triggers below start the pipeline. With both, each push would start it twice.
          DetectChanges: "false",
        },
      };
    case "approval":
      return {
        // An approval exports no variables, so it has no namespace.
        name: stage.id,
        version: "1",
        category: "Approval",
        owner: "AWS",
        provider: "Manual",
        configuration: {
          NotificationArn: notices.arn,
          ExternalEntityLink: `https://github.com/${repository}/compare/#{notice-staging.RANGE}`,
          CustomData:
            "Version #{build.VERSION} runs on #{deploy-staging.URL} and has played a video there. The link shows the commits that production does not have yet.",
        },
      };
    case "record":
      return {
        ...common,
        category: "Invoke",
        owner: "AWS",
        provider: "Lambda",
        configuration: { FunctionName: recorder, UserParameters: $jsonStringify(released) },
      };
    default: {
      const project = projects.get(stage.id);
      if (!project) throw new Error(`The stage ${stage.id} has no project.`);
      return {
        ...common,
        category: stage.kind === "test" || stage.kind === "e2e" ? "Test" : "Build",
        owner: "AWS",
        provider: "CodeBuild",
        inputArtifacts: ["source"],
        configuration: { ProjectName: project.name, EnvironmentVariables: variablesOf(stage) },
      };
    }
  }
}

export const pipeline = new aws.codepipeline.Pipeline("Delivery", {
  name: pipelineName,
  pipelineType: "V2",
  // A newer commit replaces one that waits. An execution keeps its commit, so the approved one is the tested one.
  executionMode: "SUPERSEDED",
  roleArn: pipelineRole.arn,
  artifactStores: [
    {
      location: artifacts.bucket,
      type: "S3",
      encryptionKey: { id: key.arn, type: "KMS" },
    },
  ],
  triggers: [
    {
      providerType: "CodeStarSourceConnection",
      gitConfiguration: {
        sourceActionName: "source",
        pushes: [
          // Changes of docs alone start nothing. A release also changes package.json.
          {
            branches: { includes: [branch] },
            filePaths: { excludes: ["docs/**", "**/*.md", ".github/**"] },
          },
          { tags: { includes: ["v*"] } },
        ],
      },
    },
  ],
  stages: (STAGES as readonly DeliveryStage[]).map((stage) => ({
    name: stage.id,
    actions: [action(stage)],
  })),
  tags,
});

/** For people who may approve a release. Attach it to their role, and to nothing else. */
export const approver = new aws.iam.Policy("Approver", {
  name: named("approver"),
  // IAM cannot change a description: another text would replace the policy.
  description: "Can view deliveries of Rushes, and approve or reject them",
  policy: $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "codepipeline:GetPipeline",
          "codepipeline:GetPipelineState",
          "codepipeline:GetPipelineExecution",
          "codepipeline:ListPipelineExecutions",
          "codepipeline:ListActionExecutions",
        ],
        Resource: arn,
      },
      {
        Effect: "Allow",
        Action: ["codepipeline:PutApprovalResult"],
        Resource: $interpolate`${arn}/approval/approval`,
      },
    ],
  }),
  tags,
});

export const github = githubActions ? (await import("./github.ts")).deployers : undefined;

export const outputs = {
  pipeline: pipeline.name,
  console: $interpolate`${consoleUrl}/view`,
  connection: connection.arn,
  token: token.name,
  approver: approver.arn,
  ...github,
};
