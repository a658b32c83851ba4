/** Who watches: an alarm for whatever must not stay unseen, mailed to the operator. */
import { deadLetters } from "./dead.ts";
import { reconcile } from "./functions.ts";
import { queues } from "./queues.ts";
import { monthlyBudget, operator, tags } from "./stage.ts";
import { queue as transcodeQueue } from "./transcode.ts";
import { camel } from "./wiring.ts";

const account = aws.getCallerIdentityOutput().accountId;

/** AWS's own key of SNS lets no alarm through, and says so nowhere: the topic needs one of ours. */
const key = new aws.kms.Key("AlarmsKey", {
  description: "Alarms on their way to the operator",
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

interface Watched {
  namespace: string;
  metric: string;
  dimensions?: Record<string, $util.Input<string>>;
  statistic?: "Sum" | "Maximum";
  /** Over so many minutes. */
  minutes: number;
  /** It rings above this number, or below the other one. */
  above?: number;
  below?: number;
  /** What to do, for whoever reads the mail. */
  advice: string;
}

/** What reconcile writes into its log; packages/functions/metric.ts has the line. */
const silence = { namespace: "Rushes", dimensions: { App: $app.name, Stage: $app.stage } };

function alarm(name: string, watched: Watched) {
  return new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    // By the names of app and stage a delivery knows which alarms to wait for: delivery/quiet.ts.
    name: `${$app.name}-${$app.stage}-${name}`,
    alarmDescription: watched.advice,
    namespace: watched.namespace,
    metricName: watched.metric,
    ...(watched.dimensions && { dimensions: watched.dimensions }),
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
          // What does not run counts nothing; nor does what is new, which must not ring at its first deployment.
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
    advice: `Something could not be handled: look at the dead letters of ${camel(name).replace(/Dead$/, "")}, mend the cause, send them again.`,
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
    advice: `Events of ${camel(name)} have waited for a quarter of an hour: look at its function's errors and throttles.`,
  });
}
alarm("JobsStuck", {
  ...silence,
  metric: "OldestSilence",
  statistic: "Maximum",
  minutes: 5,
  above: 3600,
  advice:
    "A job has had no news for an hour: look at its timeline, at MediaConvert's queue, and at the log of reconcile.",
});
alarm("ReconcileFailures", {
  ...silence,
  metric: "ReconcileFailures",
  minutes: 15,
  above: 5,
  advice:
    "Reconcile fails on the same rows again and again: its log names each row and the error. Jobs that it cannot start end in an error by themselves.",
});
alarm("ReconcileSilent", {
  namespace: "AWS/Lambda",
  metric: "Invocations",
  dimensions: { FunctionName: reconcile.name },
  minutes: 15,
  below: 1,
  advice:
    "Reconcile does not run: nobody looks after jobs that have gone silent. Look at its schedule.",
});
alarm("MailsComeBack", {
  namespace: "AWS/SES",
  metric: "Reputation.BounceRate",
  statistic: "Maximum",
  minutes: 60,
  above: 0.05,
  advice:
    "One mail in twenty of the account comes back, at which SES looks into it: see whom they went to.",
});
alarm("MailsAreSpam", {
  namespace: "AWS/SES",
  metric: "Reputation.ComplaintRate",
  statistic: "Maximum",
  minutes: 60,
  above: 0.001,
  advice: "One mail in a thousand of the account is reported as spam, at which SES looks into it.",
});
alarm("FunctionErrors", {
  namespace: "AWS/Lambda",
  metric: "Errors",
  minutes: 5,
  above: 10,
  advice: "Functions fail more often than retries explain: look at their logs.",
});
alarm("EncoderErrors", {
  namespace: "AWS/MediaConvert",
  metric: "JobsErroredCount",
  // MediaConvert counts by queue; without one the alarm would look at nothing.
  dimensions: { Queue: transcodeQueue.arn },
  minutes: 60,
  above: 5,
  advice: "MediaConvert refuses job after job: look at the failures of the newest videos.",
});

// A budget and not CloudWatch's billing metric, which is kept in us-east-1 alone and must be switched on
// first. It counts the whole account: a filter by tags counts nothing until somebody activates them.
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

/** A widget: one graph of the dashboard, two of them beside each other. */
function graph(title: string, stat: "Sum" | "Maximum", metrics: Series[], place: number) {
  return {
    type: "metric",
    ...{ x: (place % 2) * 12, y: Math.floor(place / 2) * 6, width: 12, height: 6 },
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
        "Oldest event that waits (s)",
        "Maximum",
        ofQueues("ApproximateAgeOfOldestMessage", queues),
        2,
      ),
      graph(
        "Dead letters",
        "Maximum",
        ofQueues("ApproximateNumberOfMessagesVisible", deadLetters),
        3,
      ),
      graph(
        "Functions of the account",
        "Sum",
        ["Invocations", "Errors", "Throttles"].map((metric): Series => ["AWS/Lambda", metric]),
        4,
      ),
      graph(
        "Mails of the account",
        "Sum",
        ["Send", "Bounce", "Complaint"].map((metric): Series => ["AWS/SES", metric]),
        5,
      ),
      graph(
        "Oldest job without news (s)",
        "Maximum",
        [["Rushes", "OldestSilence", "App", $app.name, "Stage", $app.stage]],
        6,
      ),
    ],
  }),
});
