/** Events of MediaConvert and SES, and the table's stream. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../../packages/aws-local/lambda/pattern.ts";
import { NOTIFIED } from "../../../packages/core/job/status.ts";
import type { Graph } from "../graph.ts";
import { at, list, of, text } from "../read.ts";
import type { Rules } from "../rule.ts";

type Event = { detail: { queue?: string; mail?: { tags: Record<string, string[]> } } };

/** Recorded events that each rule must match, and the field that says which stage they belong to. */
const MATCHED: Record<string, { events: string[]; assign(graph: Graph, event: Event): void }> = {
  TranscodeChangedRule: {
    events: ["transcode-complete", "transcode-error", "transcode-progressing"],
    assign(graph, { detail }) {
      const [queue] = of(graph, "aws:mediaconvert/queue:Queue");
      detail.queue = `arn:aws:mediaconvert:eu-central-1:123456789012:queues/${
        text(queue?.inputs.name) || queue?.name
      }`;
    },
  },
  MailFeedbackRule: {
    events: ["mail-delivered", "mail-bounced", "mail-complained", "mail-rejected"],
    assign(graph, { detail }) {
      const [set] = of(graph, "aws:sesv2/configurationSet:ConfigurationSet");
      const name = text(set?.inputs.configurationSetName).replace(/-[a-z]{8}$/, "");
      if (detail.mail) detail.mail.tags["ses:configuration-set"] = [name];
    },
  },
};

const unmatched = (graph: Graph, root: string): string[] =>
  Object.entries(MATCHED).flatMap(([name, { events, assign }]) => {
    const rule = of(graph, "aws:cloudwatch/eventRule:EventRule").find((one) => one.name === name);
    if (!rule) return [`There is no ${name}.`];
    const pattern = text(rule.inputs.eventPattern).replace(/-[a-z]{8}"/g, '"');
    const matches = compile(JSON.parse(pattern));
    return events.flatMap((file) => {
      const read = (): Event =>
        JSON.parse(readFileSync(join(root, `packages/functions/events/${file}.json`), "utf8"));
      const [foreign, event] = [read(), read()];
      assign(graph, event);
      const problems: string[] = [];
      if (!matches(event)) problems.push(`${name} does not match ${file}.`);
      if (matches(foreign)) problems.push(`${name} matches ${file} of another stage.`);
      return problems;
    });
  });

const streamed = (graph: Graph): string[] => {
  const filters = of(graph, "aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter(({ inputs }) => text(at(inputs, "eventSourceArn")).includes(":dynamodb:"))
    .flatMap(({ inputs }) => list(at(inputs, "filterCriteria.filters")))
    .map((filter) => compile(JSON.parse(text(at(filter, "pattern")))));
  const change = (status: string) => ({
    eventName: "MODIFY",
    dynamodb: { NewImage: { sk: { S: "JOB" }, status: { S: status } } },
  });
  const called = (status: string) => filters.some((matches) => matches(change(status)));
  return [
    ...NOTIFIED.filter((status) => !called(status)).map(
      (status) => `The stream does not report a job that becomes ${status}.`,
    ),
    ...(filters.length > 0 && !called("progressing")
      ? []
      : ["The stream reports jobs that still run."]),
  ];
};

const FEEDBACK = ["DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"];
const missingFeedback = (graph: Graph): string[] => {
  const reported = of(
    graph,
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
  )
    .filter(({ inputs }) =>
      text(at(inputs, "eventDestination.eventBridgeDestination.eventBusArn")).endsWith(
        ":event-bus/default",
      ),
    )
    .flatMap(({ inputs }) => list(at(inputs, "eventDestination.matchingEventTypes")));
  return FEEDBACK.filter((type) => !reported.includes(type)).map(
    (type) => `SES does not report ${type}.`,
  );
};

export const EVENTS = {
  "each recorded event reaches its function, and no event of another stage does": {
    rule: unmatched,
    breaks: [
      {
        what: "a rule for the events of another service",
        file: "infra/functions.ts",
        find: '...named(rules, "transcode-changed").pattern,',
        put: 'source: ["aws.elastictranscoder"],',
      },
      {
        what: "an event pattern with the wrong source",
        file: "infra/functions.ts",
        find: '...named(rules, "mail-feedback").pattern,',
        put: '...named(rules, "mail-feedback").pattern, source: ["aws.email"],',
      },
      {
        what: "a rule that matches the mail of every stage",
        file: "infra/functions.ts",
        find: /\n {4}detail: \{ mail: [^\n]*/,
        put: "",
      },
    ],
  },
  "the stream calls its function when a job ends, and only then": {
    rule: streamed,
    breaks: [
      {
        what: "a stream without its filter",
        file: "infra/functions.ts",
        find: "    filters: stream.filters,\n",
        put: "",
      },
    ],
  },
  "SES reports what happens to every mail": {
    rule: missingFeedback,
    breaks: [
      {
        what: "bounces that SES does not report",
        file: "infra/mail.ts",
        find: '"BOUNCE", ',
        put: "",
      },
    ],
  },
} satisfies Rules;
