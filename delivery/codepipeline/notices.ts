/** The topic for notices about deliveries, and the notice that a delivery has failed. */
import { role, type Statement, trustService } from "./role.ts";
import { account, named, operator, region, tags } from "./settings.ts";

export const pipelineName = `${$app.name}-pipeline`;
export const consoleUrl = $interpolate`https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipelineName}`;

const key = new aws.kms.Key("NoticesKey", {
  description: "Encrypts notices about deliveries",
  enableKeyRotation: true,
  deletionWindowInDays: 30,
  tags,
});

export const notices = new aws.sns.Topic("Notices", {
  name: named("notices"),
  displayName: "Rushes",
  kmsMasterKeyId: key.arn,
  tags,
});
new aws.sns.TopicSubscription("NoticesOperator", {
  topic: notices.arn,
  protocol: "email",
  endpoint: operator,
});

/** To publish, a role needs the topic and its key. */
export const publish: Statement[] = [
  { Action: ["sns:Publish"], Resource: notices.arn },
  { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
];

const ruleName = named("stopped");

/**
 * Events of stages, and not of actions or of the pipeline, so that each failure sends one mail that names its stage.
 */
const stopped = new aws.cloudwatch.EventRule("Stopped", {
  name: ruleName,
  description: "A stage of a delivery failed or was stopped",
  eventPattern: $jsonStringify({
    source: ["aws.codepipeline"],
    "detail-type": ["CodePipeline Stage Execution State Change"],
    detail: { pipeline: [pipelineName], state: ["FAILED", "STOPPED"] },
  }),
  tags,
});
// There is no dead-letter queue: EventBridge retries for a day, an older notice is useless, and the console shows the
// state of the pipeline.
new aws.cloudwatch.EventTarget("StoppedNotice", {
  rule: stopped.name,
  arn: notices.arn,
  // With its own role. AWS supports no conditions for EventBridge in a key's policy, and without conditions the rules
  // of any account could publish.
  roleArn: role("NoticesRole", {
    name: "notices",
    trust: trustService(
      "events.amazonaws.com",
      $interpolate`arn:aws:events:${region}:${account}:rule/${ruleName}`,
    ),
    permissions: { notices: publish },
  }).arn,
  inputTransformer: {
    inputPaths: { stage: "$.detail.stage", execution: "$.detail.execution-id", time: "$.time" },
    inputTemplate: $interpolate`"The delivery of Rushes stopped at <stage> at <time>. No later stage has run. See ${consoleUrl}/executions/<execution>/timeline . Fix the cause and retry the stage there, or roll back as in docs/pipeline.md."`,
  },
});
