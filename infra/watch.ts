/** Alarms that are mailed to the operator, the budget, and the dashboard. */
import { deadLetters } from "./dead.ts";
import { reconcile } from "./functions.ts";
import { queues } from "./queues.ts";
import { monthlyBudget, operator, tags } from "./stage.ts";
import { queue as transcodeQueue } from "./transcode.ts";
import { camel } from "./wiring.ts";

const account = aws.getCallerIdentityOutput().accountId;

/** With AWS's default SNS key, CloudWatch's alarms are lost without an error. The topic needs its own key. */
const key = new aws.kms.Key("AlarmsKey", {
  description: "Encrypts alarms for the operator",
  enableKeyRotation: true,
  deletionWindowInDays: 7,
  policy: $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: $interpolate`arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  }),
  tags,
});
const topic = new aws.sns.Topic("Alarms", { kmsMasterKeyId: key.arn, tags });
new aws.sns.TopicSubscription("AlarmsOperator", {
  topic: topic.arn,
  protocol: "email",
  endpoint: operator,
});

interface Alarm {
  namespace: string;
  metric: string;
  dimensions?: Record<string, $util.Input<string>>;
  statistic?: "Sum" | "Maximum";
  /** The period. */
  minutes: number;
  /** The alarm fires above or below this value. */
  above?: number;
  below?: number;
  /** Advice for the operator. It is part of the mail. */
  advice: string;
}

/** The metrics that reconcile writes to its log, in packages/functions/metric.ts. */
const silence = { namespace: "Rushes", dimensions: { App: $app.name, Stage: $app.stage } };

function alarm(name: string, watched: Alarm) {
  return new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    // A delivery finds the alarms of a stage by this prefix: delivery/quiet.ts.
    name: `${$app.name}-${$app.stage}-${name}`,
    alarmDescription: watched.advice,
    namespace: watched.namespace,
    metricName: watched.metric,
    dimensions: watched.dimensions,
    statistic: watched.statistic ?? "Sum",
    period: watched.minutes * 60,
    evaluationPeriods: 1,
    ...(watched.below === undefined
      ? {
          comparisonOperator: "GreaterThanThreshold",
          threshold: watched.above ?? 0,
          treatMissingData: "notBreaching",
        }
      : {
          comparisonOperator: "LessThanThreshold",
          threshold: watched.below,
          // A function that does not run reports no data. Neither does a new stage, whose alarm must not fire.
          treatMissingData: "missing",
          insufficientDataActions: [topic.arn],
        }),
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    tags,
  });
}

for (const [name, queue] of deadLetters) {
  alarm(camel(name), {
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    minutes: 1,
    above: 0,
    advice: `A message of ${camel(name).replace(/Dead$/, "")} could not be processed. Look at its dead-letter queue, fix the cause, and redrive the messages.`,
  });
}
for (const [name, queue] of queues) {
  alarm(`${camel(name)}Waiting`, {
    namespace: "AWS/SQS",
    metric: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    minutes: 5,
    above: 900,
    advice: `Events of ${camel(name)} have waited for 15 minutes. Look at its function's errors and throttles.`,
  });
}
alarm("JobsStuck", {
  ...silence,
  metric: "OldestSilence",
  statistic: "Maximum",
  minutes: 5,
  above: 3600,
  advice:
    "A job has reported nothing for an hour. Look at its timeline, at MediaConvert's queue, and at the log of reconcile.",
});
alarm("ReconcileFailures", {
  ...silence,
  metric: "ReconcileFailures",
  minutes: 15,
  above: 5,
  advice:
    "Reconcile keeps failing on the same rows. Its log has each row and the error. Jobs that it cannot start end with an error.",
});
alarm("ReconcileSilent", {
  namespace: "AWS/Lambda",
  metric: "Invocations",
  dimensions: { FunctionName: reconcile.name },
  minutes: 15,
  below: 1,
  advice:
    "Reconcile does not run, so that jobs that stop reporting are not continued. Look at its schedule.",
});
alarm("MailsComeBack", {
  namespace: "AWS/SES",
  metric: "Reputation.BounceRate",
  statistic: "Maximum",
  minutes: 60,
  above: 0.05,
  advice:
    "5 percent of the account's mail bounces, which makes SES review the account. Look at the recipients.",
});
alarm("MailsAreSpam", {
  namespace: "AWS/SES",
  metric: "Reputation.ComplaintRate",
  statistic: "Maximum",
  minutes: 60,
  above: 0.001,
  advice:
    "0.1 percent of the account's mail is reported as spam, which makes SES review the account.",
});
alarm("FunctionErrors", {
  namespace: "AWS/Lambda",
  metric: "Errors",
  minutes: 5,
  above: 10,
  advice: "Functions fail more often than retries explain. Look at their logs.",
});
alarm("EncoderErrors", {
  namespace: "AWS/MediaConvert",
  metric: "JobsErroredCount",
  // MediaConvert reports this metric only by queue.
  dimensions: { Queue: transcodeQueue.arn },
  minutes: 60,
  above: 5,
  advice: "MediaConvert jobs keep failing. Look at the failures of the newest videos.",
});

// A budget, because CloudWatch's billing metric exists only in us-east-1 and must be enabled first. It covers the whole
// account, because a filter by tags matches nothing until the tags are activated for billing.
new aws.budgets.Budget("Cost", {
  name: `${$app.name}-${$app.stage}`,
  budgetType: "COST",
  limitAmount: String(monthlyBudget),
  limitUnit: "USD",
  timeUnit: "MONTHLY",
  notifications: [
    { type: "FORECASTED", percent: 100 },
    { type: "ACTUAL", percent: 80 },
    { type: "ACTUAL", percent: 100 },
  ].map(({ type, percent }) => ({
    comparisonOperator: "GREATER_THAN",
    notificationType: type,
    threshold: percent,
    thresholdType: "PERCENTAGE",
    subscriberEmailAddresses: [operator],
  })),
  tags,
});

type Series = [namespace: string, metric: string, ...dimensions: $util.Input<string>[]];

/** One graph of the dashboard. Two graphs fill a row. */
function graph(title: string, stat: "Sum" | "Maximum", metrics: Series[], place: number) {
  return {
    type: "metric",
    x: (place % 2) * 12,
    y: Math.floor(place / 2) * 6,
    width: 12,
    height: 6,
    properties: { title, stat, metrics, period: 300, region: aws.getRegionOutput().region },
  };
}
const ofQueues = (metric: string, all: ReadonlyMap<string, sst.aws.Queue>): Series[] =>
  [...all.values()].map((one) => ["AWS/SQS", metric, "QueueName", one.nodes.queue.name]);
const ofEncoder = (metric: string): Series => [
  "AWS/MediaConvert",
  metric,
  "Queue",
  transcodeQueue.arn,
];

new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: `${$app.name}-${$app.stage}`,
  dashboardBody: $jsonStringify({
    widgets: [
      graph("Videos", "Sum", ["JobsCompletedCount", "JobsErroredCount"].map(ofEncoder), 0),
      graph("Waiting for the encoder (ms)", "Maximum", [ofEncoder("StandbyTime")], 1),
      graph(
        "Oldest waiting event (s)",
        "Maximum",
        ofQueues("ApproximateAgeOfOldestMessage", queues),
        2,
      ),
      graph(
        "Dead-letter messages",
        "Maximum",
        ofQueues("ApproximateNumberOfMessagesVisible", deadLetters),
        3,
      ),
      graph(
        "Functions in the account",
        "Sum",
        ["Invocations", "Errors", "Throttles"].map((metric): Series => ["AWS/Lambda", metric]),
        4,
      ),
      graph(
        "Mail of the account",
        "Sum",
        ["Send", "Bounce", "Complaint"].map((metric): Series => ["AWS/SES", metric]),
        5,
      ),
      graph(
        "Longest silence of a job (s)",
        "Maximum",
        [["Rushes", "OldestSilence", "App", $app.name, "Stage", $app.stage]],
        6,
      ),
    ],
  }),
});
