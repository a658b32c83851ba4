/** What must be watched, what must reach whom on the event bus, and what must not be removed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../packages/aws-local/lambda/pattern.ts";
import type { Graph } from "./graph.ts";
import { at, list, of, type Rule, text } from "./rules.ts";

/** Alarms by what they look at; each has its own reason in infra/watch.ts. */
const WATCHED: Record<string, string> = {
  "AWS/SQS ApproximateAgeOfOldestMessage": "events that wait",
  "AWS/Lambda Errors": "functions that fail",
  "AWS/Lambda Invocations": "a schedule that has stopped",
  "AWS/MediaConvert JobsErroredCount": "jobs that the encoder refuses",
  "AWS/SES Reputation.BounceRate": "mails that come back",
  "AWS/SES Reputation.ComplaintRate": "mails that are reported as spam",
  "Rushes OldestSilence": "jobs that are stuck",
  "Rushes ReconcileFailures": "rows that reconcile cannot handle",
};

const troubleIsHeard: Rule = (graph) => {
  const topics = of(graph, "aws:sns/topic:Topic").map(({ name }) => name);
  const watched = of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
    .filter(({ inputs }) =>
      list(inputs.alarmActions).some((arn) => topics.some((name) => text(arn).includes(name))),
    )
    .map(({ inputs }) => `${text(inputs.namespace)} ${text(inputs.metricName)}`);
  return Object.entries(WATCHED)
    .filter(([metric]) => !watched.includes(metric))
    .map(([metric, what]) => `Nobody hears of ${what}: there is no alarm on ${metric}.`);
};

/** A function that is not called has no number of calls, and an alarm without numbers is silent. */
const stillnessIsHeard: Rule = (graph) =>
  of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
    .filter(({ inputs }) => inputs.comparisonOperator === "LessThanThreshold")
    .filter(({ inputs }) => list(inputs.insufficientDataActions).length === 0)
    .map(({ name }) => `${name} tells nobody when there is nothing to count.`);

/** The alarm looks where reconcile writes: another dimension is another metric, which is never there. */
const silenceIsHeard: Rule = (graph) =>
  of(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
    .filter(({ inputs }) => inputs.namespace === "Rushes")
    .filter(
      ({ inputs }) =>
        at(inputs, "dimensions.App") !== "rushes" ||
        at(inputs, "dimensions.Stage") !== graph.stage ||
        Object.keys(Object(inputs.dimensions)).length !== 2,
    )
    .map(({ name }) => `${name} looks at a metric that nobody writes.`);

type Event = { detail: { queue?: string; mail?: { tags: Record<string, string[]> } } };

/** Recorded events that each rule is about, and what in them says whose they are. */
const HEARD: Record<string, { events: string[]; own(graph: Graph, event: Event): void }> = {
  TranscodeChangedRule: {
    events: ["transcode-complete", "transcode-error", "transcode-progressing"],
    own(graph, { detail }) {
      const [queue] = of(graph, "aws:mediaconvert/queue:Queue");
      detail.queue = `arn:aws:mediaconvert:eu-central-1:123456789012:queues/${
        text(queue?.inputs.name) || queue?.name
      }`;
    },
  },
  MailFeedbackRule: {
    events: ["mail-delivered", "mail-bounced", "mail-complained", "mail-rejected"],
    own(graph, { detail }) {
      const [set] = of(graph, "aws:sesv2/configurationSet:ConfigurationSet");
      const name = text(set?.inputs.configurationSetName).replace(/-[a-z]{8}$/, "");
      if (detail.mail) detail.mail.tags["ses:configuration-set"] = [name];
    },
  },
};

const eventsArrive: Rule = (graph, root) =>
  Object.entries(HEARD).flatMap(([name, { events, own }]) => {
    const rule = of(graph, "aws:cloudwatch/eventRule:EventRule").find((one) => one.name === name);
    if (!rule) return [`There is no ${name}.`];
    const pattern = text(rule.inputs.eventPattern).replace(/-[a-z]{8}"/g, '"');
    const fits = compile(JSON.parse(pattern));
    return events.flatMap((file) => {
      const read = (): Event =>
        JSON.parse(readFileSync(join(root, `packages/functions/events/${file}.json`), "utf8"));
      const [foreign, ours] = [read(), read()];
      own(graph, ours);
      return [
        ...(fits(ours) ? [] : [`${name} does not hear ${file}.`]),
        ...(fits(foreign) ? [`${name} hears ${file} of another stage.`] : []),
      ];
    });
  });

const FOLLOWED = ["DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"];
const mailsAreFollowed: Rule = (graph) => {
  const told = of(
    graph,
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
  ).filter(({ inputs }) =>
    text(at(inputs, "eventDestination.eventBridgeDestination.eventBusArn")).endsWith(
      ":event-bus/default",
    ),
  );
  const types = told.flatMap(({ inputs }) =>
    list(at(inputs, "eventDestination.matchingEventTypes")),
  );
  return FOLLOWED.filter((type) => !types.includes(type)).map(
    (type) => `Nobody hears of ${type} of a mail.`,
  );
};

const logsEnd: Rule = (graph) =>
  of(graph, "aws:cloudwatch/logGroup:LogGroup")
    .filter(({ inputs }) => !(Number(inputs.retentionInDays) > 0))
    .map(({ name }) => `The log ${name} is kept, and paid for, for ever.`);

/** `sst remove` asks app() and nobody else: a protected stage is refused, a retained one keeps its data. */
const productionStays: Rule = ({ stage, app }) => {
  const production = stage === "production";
  return [
    ...(app.protect === production
      ? []
      : [`sst remove ${production ? "takes" : "refuses"} ${stage}.`]),
    ...(app.removal === (production ? "retain" : "remove")
      ? []
      : [`What ${stage} holds is not ${production ? "kept" : "removed"}.`]),
  ];
};

export const WATCH_RULES = {
  "somebody hears of whatever must not stay unseen": troubleIsHeard,
  "somebody hears of what has stopped": stillnessIsHeard,
  "the alarm on stuck jobs looks where reconcile writes": silenceIsHeard,
  "each event that was recorded reaches its function, and none of another stage": eventsArrive,
  "every mail is followed to its end": mailsAreFollowed,
  "no log is kept for ever": logsEnd,
  "production cannot be removed; other stages go whole": productionStays,
} satisfies Record<string, Rule>;
