/** Alarms, the budget, the dashboard and logs. */
import type { Graph } from "../graph.ts";
import { at, list, of, physicalName, statements, text } from "../read.ts";
import type { Rules } from "../rule.ts";

const alarms = (graph: Graph) => of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");

/** Metrics that need an alarm. infra/watch.ts has the reason for each. */
const WATCHED: Record<string, string> = {
  "AWS/SQS ApproximateAgeOfOldestMessage": "events that wait",
  "AWS/Lambda Errors": "functions that fail",
  "AWS/Lambda Invocations": "a schedule that has stopped",
  "AWS/MediaConvert JobsErroredCount": "jobs that fail in the encoder",
  "AWS/SES Reputation.BounceRate": "mail that bounces",
  "AWS/SES Reputation.ComplaintRate": "mail that is reported as spam",
  "Rushes OldestSilence": "jobs that are stuck",
  "Rushes ReconcileFailures": "rows that reconcile cannot process",
};
const missingAlarms = (graph: Graph): string[] => {
  const topics = of(graph, "aws:sns/topic:Topic").map(({ name }) => name);
  const watched = alarms(graph)
    .filter(({ inputs }) =>
      list(inputs.alarmActions).some((arn) => topics.some((name) => text(arn).includes(name))),
    )
    .map(({ inputs }) => `${text(inputs.namespace)} ${text(inputs.metricName)}`);
  return Object.entries(WATCHED)
    .filter(([metric]) => !watched.includes(metric))
    .map(([metric, what]) => `Nobody is notified of ${what}: ${metric} has no alarm.`);
};

/** A function that is not called reports no invocations, and an alarm without data does not fire. */
const silentAlarms = (graph: Graph): string[] =>
  alarms(graph)
    .filter(({ inputs }) => inputs.comparisonOperator === "LessThanThreshold")
    .filter(({ inputs }) => list(inputs.insufficientDataActions).length === 0)
    .map(({ name }) => `${name} notifies nobody when it has no data.`);

/** A metric with other dimensions is another metric, which has no data. */
const wrongDimensions = (graph: Graph): string[] =>
  alarms(graph)
    .filter(({ inputs }) => inputs.namespace === "Rushes")
    .filter(
      ({ inputs }) =>
        at(inputs, "dimensions.App") !== "rushes" ||
        at(inputs, "dimensions.Stage") !== graph.stage ||
        Object.keys(Object(inputs.dimensions)).length !== 2,
    )
    .map(({ name }) => `${name} reads a metric that no function writes.`);

const unwatchedDeadLetters = (graph: Graph): string[] => {
  const watched = alarms(graph).map(({ inputs }) => text(at(inputs, "dimensions.QueueName")));
  return of(graph, "aws:sqs/queue:Queue")
    .filter(({ name }) => /Dead/.test(name))
    .filter((queue) => !watched.includes(physicalName(queue)))
    .map(({ name }) => `Nobody is notified of messages in ${name}.`);
};

/** CloudWatch cannot use AWS's default SNS key: its alarms would be lost at the topic without an error. */
const closedTopics = (graph: Graph): string[] =>
  of(graph, "aws:sns/topic:Topic")
    .filter(({ inputs }) => {
      const key = of(graph, "aws:kms/key:Key").find(({ name }) =>
        text(at(inputs, "kmsMasterKeyId")).endsWith(`/${name}`),
      );
      return !statements(key?.inputs.policy).some(
        ({ Effect, Principal, Action }) =>
          Effect === "Allow" &&
          at(Principal, "Service") === "cloudwatch.amazonaws.com" &&
          ["kms:Decrypt", "kms:GenerateDataKey*"].every((action) => Action.includes(action)),
      );
    })
    .map(({ name }) => `CloudWatch may not use the key of ${name}, so that alarms do not arrive.`);

/** delivery/quiet.ts finds the alarms of a stage by this prefix. */
const unnamedAlarms = (graph: Graph): string[] =>
  alarms(graph)
    .filter(({ inputs }) => !text(inputs.name).startsWith(`rushes-${graph.stage}-`))
    .map(({ name }) => `A delivery does not find ${name}: its name does not start with the stage.`);

const unwatchedCost = (graph: Graph): string[] => {
  const notifications = of(graph, "aws:budgets/budget:Budget").flatMap(({ inputs }) =>
    list(inputs.notifications).filter(
      (one) => list(at(one, "subscriberEmailAddresses")).length > 0,
    ),
  );
  return ["FORECASTED", "ACTUAL"]
    .filter((type) => !notifications.some((one) => at(one, "notificationType") === type))
    .map((type) => `Nobody is notified when the ${type.toLowerCase()} cost exceeds the budget.`);
};

const hiddenQueues = (graph: Graph): string[] => {
  const shown = of(graph, "aws:cloudwatch/dashboard:Dashboard")
    .map(({ inputs }) => text(inputs.dashboardBody))
    .join();
  return of(graph, "aws:sqs/queue:Queue")
    .filter(({ name }) => /^(Source|Rendition|Transcode|Job|Reconcile)/.test(name))
    .filter((queue) => !shown.includes(`"${physicalName(queue)}"`))
    .map(({ name }) => `The dashboard does not show ${name}.`);
};

const endlessLogs = (graph: Graph): string[] =>
  of(graph, "aws:cloudwatch/logGroup:LogGroup")
    .filter(({ inputs }) => !(Number(inputs.retentionInDays) > 0))
    .map(({ name }) => `The log ${name} is kept, and billed, forever.`);

export const WATCH = {
  "each problem that needs the operator has an alarm": {
    rule: missingAlarms,
    breaks: [
      {
        what: "no alarm on stuck jobs",
        file: "infra/watch.ts",
        find: /alarm\("JobsStuck"[\s\S]*?\n\}\);\n/,
        put: "",
      },
      {
        what: "an alarm on failing functions that notifies nobody",
        file: "infra/watch.ts",
        find: "    alarmActions: [topic.arn],\n",
        put: "",
      },
    ],
  },
  "an alarm on something that stopped fires without data": {
    rule: silentAlarms,
    breaks: [
      {
        what: "an alarm on something that stopped that waits for data",
        file: "infra/watch.ts",
        find: "          insufficientDataActions: [topic.arn],\n",
        put: "",
      },
    ],
  },
  "the alarms on jobs read the metrics that reconcile writes": {
    rule: wrongDimensions,
    breaks: [
      {
        what: "an alarm that reads the metric of another stage",
        file: "infra/watch.ts",
        find: "dimensions: { App: $app.name, Stage: $app.stage }",
        put: 'dimensions: { App: $app.name, Stage: "staging" }',
        stage: "production",
      },
    ],
  },
  "every dead-letter queue has an alarm": {
    rule: unwatchedDeadLetters,
    breaks: [
      {
        what: "a dead-letter queue without an alarm",
        file: "infra/watch.ts",
        find: "of deadLetters) {",
        put: "of [...deadLetters].slice(1)) {",
      },
    ],
  },
  "an alarm reaches the operator": {
    rule: closedTopics,
    breaks: [
      {
        what: "a topic whose key CloudWatch may not use",
        file: "infra/watch.ts",
        find: '"kms:GenerateDataKey*"',
        put: '"kms:Encrypt"',
      },
    ],
  },
  "a delivery finds every alarm of the stage": {
    rule: unnamedAlarms,
    breaks: [
      {
        what: "alarms that no delivery finds",
        file: "infra/watch.ts",
        find: /name: `.*-.*-.*`,/,
        put: "",
      },
    ],
  },
  "the operator is notified of the cost": {
    rule: unwatchedCost,
    breaks: [
      {
        what: "a budget without a forecast",
        file: "infra/watch.ts",
        find: '    { type: "FORECASTED", percent: 100 },\n',
        put: "",
      },
    ],
  },
  "the dashboard shows every queue": {
    rule: hiddenQueues,
    breaks: [
      {
        what: "a dashboard without the dead-letter queues",
        file: "infra/watch.ts",
        find: 'ofQueues("ApproximateNumberOfMessagesVisible", deadLetters)',
        put: "[]",
      },
    ],
  },
  "every log expires": {
    rule: endlessLogs,
    breaks: [
      {
        what: "logs that are kept forever",
        file: "infra/stage.ts",
        find: 'production ? "3 months" : "1 week"',
        put: '"forever"',
      },
    ],
  },
} satisfies Rules;
