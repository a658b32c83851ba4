/** What people hear of a delivery: an encrypted topic, and a sentence for whatever stops. */
import { role, type Statement, servedBy } from "./role.ts";
import { account, named, operator, region, tags } from "./settings.ts";

export const pipelineName = `${$app.name}-pipeline`;
export const consoleUrl = $interpolate`https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipelineName}`;

const key = new aws.kms.Key("NoticesKey", {
  description: "Notices of deliveries on their way to people",
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

/** Publishing takes the topic, and the key that it is encrypted with. */
export const publish: Statement[] = [
  { Action: ["sns:Publish"], Resource: notices.arn },
  { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
];

const ruleName = named("stopped");

/** By stage and not by action or pipeline: one mail for each stop, which names the place. */
const stopped = new aws.cloudwatch.EventRule("Stopped", {
  name: ruleName,
  description: "A delivery has stopped at one of its stages",
  eventPattern: $jsonStringify({
    source: ["aws.codepipeline"],
    "detail-type": ["CodePipeline Stage Execution State Change"],
    detail: { pipeline: [pipelineName], state: ["FAILED", "STOPPED"] },
  }),
  tags,
});
// Without a dead-letter queue, and on purpose: a notice of yesterday helps nobody, EventBridge tries for a
// day, and the pipeline itself shows where it stands.
new aws.cloudwatch.EventTarget("StoppedNotice", {
  rule: stopped.name,
  arn: notices.arn,
  // A role of ours: for EventBridge itself AWS takes no conditions in a key's policy, and without them
  // any account's rule could send.
  roleArn: role("NoticesRole", {
    name: "notices",
    assumedBy: servedBy(
      "events.amazonaws.com",
      $interpolate`arn:aws:events:${region}:${account}:rule/${ruleName}`,
    ),
    may: { notices: publish },
  }).arn,
  inputTransformer: {
    inputPaths: { stage: "$.detail.stage", execution: "$.detail.execution-id", time: "$.time" },
    inputTemplate: $interpolate`"The delivery of Rushes stopped at <stage> at <time>. No stage after it has run. What it said: ${consoleUrl}/executions/<execution>/timeline . Mend the cause and retry the stage there, or go back as docs/pipeline.md tells."`,
  },
});
