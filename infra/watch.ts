/** Who watches: an alarm for whatever must not stay unseen, mailed to the operator. */
import { deadLetters } from "./dead.ts";
import { renditionCreated, sourceCreated } from "./queues.ts";
import { operator, tags } from "./stage.ts";

const topic = new aws.sns.Topic("Alarms", { kmsMasterKeyId: "alias/aws/sns", tags });
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
  above: number;
  /** What to do, for whoever reads the mail. */
  advice: string;
}

function alarm(name: string, watched: Watched) {
  return new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    alarmDescription: watched.advice,
    namespace: watched.namespace,
    metricName: watched.metric,
    ...(watched.dimensions && { dimensions: watched.dimensions }),
    statistic: watched.statistic ?? "Sum",
    period: watched.minutes * 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: watched.above,
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    tags,
  });
}

for (const [name, queue] of Object.entries(deadLetters)) {
  alarm(`${name}Dead`, {
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    minutes: 1,
    above: 0,
    advice: `Something could not be handled: look at the dead letters of ${name}, mend the cause, send them again.`,
  });
}
for (const [name, queue] of Object.entries({ sourceCreated, renditionCreated })) {
  alarm(`${name}Waiting`, {
    namespace: "AWS/SQS",
    metric: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    minutes: 5,
    above: 900,
    advice: `Events of ${name} have waited for a quarter of an hour: look at its function's errors and throttles.`,
  });
}
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
  minutes: 60,
  above: 5,
  advice: "MediaConvert refuses job after job: look at the failures of the newest videos.",
});
