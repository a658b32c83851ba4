/** Queues, and messages that a function cannot process. */
import type { Graph } from "../graph.ts";
import { at, functionOf, grants, list, nameInArn, of, queueOf, text } from "../read.ts";
import type { Rules } from "../rule.ts";

/** If the role may not send to the queue, the message is lost silently. */
const maySend = (graph: Graph, roleArn: unknown, queueArn: string): boolean =>
  grants(graph).some(
    ({ role, statement }) =>
      text(roleArn).includes(role) &&
      statement.Action.includes("sqs:SendMessage") &&
      statement.Resource.includes(queueArn),
  );

function onFailure(graph: Graph, name: string, roleArn: unknown, target: string): string[] {
  if (!target) return [`${name} has no on-failure destination.`];
  return maySend(graph, roleArn, target)
    ? []
    : [`${name} may not send to its on-failure destination.`];
}

/** EventBridge and the scheduler call these asynchronously. */
const ASYNCHRONOUS = ["TranscodeChangedFunction", "ReconcileFunction"];
const asynchronous = (graph: Graph): string[] => {
  const destinations = new Map(
    of(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").map(
      ({ inputs }) => [
        nameInArn(at(inputs, "functionName")),
        text(at(inputs, "destinationConfig.onFailure.destination")),
      ],
    ),
  );
  return of(graph, "aws:lambda/function:Function")
    .filter(({ name }) => ASYNCHRONOUS.includes(name))
    .flatMap(({ name, inputs }) => {
      const physical = text(inputs.name).replace(/-[a-z]{8}$/, "");
      return onFailure(graph, name, at(inputs, "role"), destinations.get(physical) ?? "");
    });
};

const mappings = (graph: Graph) => of(graph, "aws:lambda/eventSourceMapping:EventSourceMapping");

const mapped = (graph: Graph): string[] =>
  mappings(graph).flatMap(({ name, inputs }) => {
    if (text(at(inputs, "eventSourceArn")).includes(":dynamodb:")) {
      const role = at(functionOf(graph, at(inputs, "functionName"))?.inputs, "role");
      const target = text(at(inputs, "destinationConfig.onFailure.destinationArn"));
      return onFailure(graph, name, role, target);
    }
    const queue = queueOf(graph, at(inputs, "eventSourceArn"));
    const redrive: unknown = JSON.parse(text(at(queue?.inputs, "redrivePolicy")) || "{}");
    const problems: string[] = [];
    if (!at(redrive, "deadLetterTargetArn")) {
      problems.push(`${name} reads a queue without a dead-letter queue.`);
    }
    if (!list(inputs.functionResponseTypes).includes("ReportBatchItemFailures")) {
      problems.push(`${name} repeats whole batches.`);
    }
    return problems;
  });

const undelivered = (graph: Graph): string[] =>
  of(graph, "aws:cloudwatch/eventTarget:EventTarget")
    .filter(({ inputs }) => !at(inputs, "deadLetterConfig.arn"))
    .map(({ name }) => `${name} drops events that it cannot deliver.`);

const visibleTooSoon = (graph: Graph): string[] =>
  mappings(graph).flatMap(({ inputs }) => {
    const queue = queueOf(graph, at(inputs, "eventSourceArn"));
    if (!queue) return [];
    const timeout = Number(at(functionOf(graph, at(inputs, "functionName"))?.inputs, "timeout"));
    const visible = Number(at(queue.inputs, "visibilityTimeoutSeconds"));
    return visible >= 6 * timeout
      ? []
      : [`${queue.name} hides a message for ${visible} s, but its function may take ${timeout} s.`];
  });

const unencrypted = (graph: Graph): string[] => [
  ...of(graph, "aws:sqs/queue:Queue")
    .filter(({ inputs }) => inputs.sqsManagedSseEnabled !== true)
    .map(({ name }) => `The queue ${name} is not encrypted.`),
  ...of(graph, "aws:sns/topic:Topic")
    .filter(({ inputs }) => !at(inputs, "kmsMasterKeyId"))
    .map(({ name }) => `The topic ${name} is not encrypted.`),
];

export const QUEUES = {
  "an event that a function cannot process goes to a dead-letter queue": {
    rule: (graph) => [...asynchronous(graph), ...mapped(graph), ...undelivered(graph)],
    breaks: [
      {
        what: "a function without its on-failure destination",
        file: "infra/functions.ts",
        find: "link, permissions, onFailure }),",
        put: "link, permissions }),",
      },
      {
        what: "a function that may not send to its on-failure destination",
        file: "infra/function.ts",
        find: 'actions: ["sqs:SendMessage"]',
        put: 'actions: ["sqs:GetQueueUrl"]',
      },
    ],
  },
  "a message stays hidden while its function may still process it": {
    rule: visibleTooSoon,
    breaks: [
      {
        what: "a visibility timeout shorter than six of its function's",
        file: "infra/queues.ts",
        find: /visibilityTimeout: `.*`/,
        put: 'visibilityTimeout: "30 seconds"',
      },
    ],
  },
  "queues and topics are encrypted": {
    rule: unencrypted,
    breaks: [
      {
        what: "queues without encryption",
        file: "infra/defaults.ts",
        find: "args.sqsManagedSseEnabled ?? true",
        put: "false",
      },
    ],
  },
} satisfies Rules;
