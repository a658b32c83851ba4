/**
 * The wiring of both homes in one shape, so that they can be compared: what packages/stack provisions
 * from wiring.ts, and what the evaluated app would make. Only what must be the same stands in it: limits
 * of concurrency and the filter on an own MediaConvert queue are each home's own.
 */
import { type Wiring, wiring } from "../../packages/core/wiring.ts";
import type { Graph, Resource } from "./graph.ts";
import { at, type Rule } from "./rules.ts";

type Wired = Record<string, unknown>;

const kebab = (name: string) => name.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What the one-machine home does. */
function local(wiring: Wiring): Wired {
  const wired: Wired = {};
  for (const table of wiring.tables) {
    wired.table = { hashKey: table.hashKey, rangeKey: table.rangeKey, ttl: table.ttl };
    for (const { name, hashKey, rangeKey } of table.indexes) {
      wired[`index ${name}`] = { hashKey, rangeKey, projection: "ALL" };
    }
    const { function: name, batchSize, retries, bisect, filters } = table.stream;
    wired.stream = { function: name, batchSize, retries, bisect, filters };
    wired["stream's dead letters"] = wiring.functions[name]?.onFailure;
  }
  for (const bucket of wiring.buckets) {
    const name = bucket.name.replace("rushes-", "");
    wired[`bucket ${name}`] = { cors: bucket.cors, abortDays: bucket.abortMultipartAfterDays };
    for (const { queue, suffixes = [""] } of bucket.notifications) {
      for (const suffix of suffixes) wired[`notification ${name} ${suffix}`.trim()] = queue;
    }
  }
  for (const [name, queue] of Object.entries(wiring.queues)) {
    const { visibilityTimeoutSeconds, maxReceiveCount, deadLetter, subscriber } = queue;
    wired[`queue ${name}`] = {
      ...{ visibilityTimeoutSeconds, maxReceiveCount, deadLetter },
      ...{ function: subscriber.function, batchSize: subscriber.batchSize },
    };
  }
  const streams = wiring.tables.map(({ stream }) => stream.function);
  for (const [name, { handler, timeoutSeconds, onFailure }] of Object.entries(wiring.functions)) {
    wired[`function ${name}`] = {
      ...{ handler, timeoutSeconds },
      ...(!streams.includes(name) && onFailure !== undefined && { onFailure }),
    };
  }
  for (const { name, pattern, function: called } of wiring.rules) {
    wired[`rule ${name}`] = { pattern, function: called };
  }
  for (const { name, everySeconds, function: called } of wiring.schedules) {
    wired[`schedule ${name}`] = { everySeconds, function: called };
  }
  return wired;
}

/** What the app on AWS does. */
function onAws(graph: Graph): Wired {
  const wired: Wired = {};
  const of = (type: string) => graph.resources.filter((one) => one.type === type);
  const physical = (resource: Resource) => text(resource.inputs.name).replace(/-[a-z]{8}$/, "");
  const lastOf = (arn: unknown) => text(arn).split(":").at(-1) ?? "";
  const queueName = (arn: unknown) => {
    const queue = of("aws:sqs/queue:Queue").find((one) => physical(one) === lastOf(arn));
    return kebab(queue?.name.replace(/Queue$/, "") ?? text(arn));
  };
  const handlers = new Map(
    Object.entries(graph.handlers).map(([id, handler]) => [
      id,
      handler.replace(/\.handler$/, ".ts"),
    ]),
  );
  /** A function by the file that it runs: SST makes names of its own for subscribers. */
  const functionName = (logical: string) =>
    (handlers.get(logical) ?? "").replace("packages/functions/", "").replace(".ts", "");
  const functionOf = (arn: unknown) => {
    const found = of("aws:lambda/function:Function").find((one) => physical(one) === lastOf(arn));
    return functionName(found?.name.replace(/Function$/, "") ?? "");
  };

  const [table] = of("aws:dynamodb/table:Table");
  wired.table = {
    hashKey: table?.inputs.hashKey,
    rangeKey: table?.inputs.rangeKey,
    ttl: at(table?.inputs, "ttl.attributeName"),
  };
  for (const index of list(table?.inputs.globalSecondaryIndexes)) {
    wired[`index ${text(at(index, "name"))}`] = {
      hashKey: at(index, "hashKey"),
      rangeKey: at(index, "rangeKey"),
      projection: at(index, "projectionType"),
    };
  }
  for (const name of ["uploads", "renditions"]) {
    const title = name.replace(/^./, (letter) => letter.toUpperCase());
    const named = (type: string, suffix: string) =>
      of(type).find((one) => one.name === `${title}${suffix}`);
    const lifecycle = named(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "Lifecycle",
    );
    const rules = list(lifecycle?.inputs.rules);
    wired[`bucket ${name}`] = {
      cors: named("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "Cors") !== undefined,
      abortDays: rules
        .map((rule) => at(rule, "abortIncompleteMultipartUpload.daysAfterInitiation"))
        .find((days) => days !== undefined),
    };
    const notification = named(
      "aws:s3/bucketNotification:BucketNotification",
      "NotificationsNotification",
    );
    for (const queue of list(notification?.inputs.queues)) {
      const suffix = text(at(queue, "filterSuffix"));
      wired[`notification ${name} ${suffix}`.trim()] = queueName(at(queue, "queueArn"));
    }
  }
  for (const mapping of of("aws:lambda/eventSourceMapping:EventSourceMapping")) {
    const source = text(at(mapping.inputs, "eventSourceArn"));
    const called = functionOf(at(mapping.inputs, "functionName"));
    const batchSize = mapping.inputs.batchSize;
    if (source.includes(":dynamodb:")) {
      wired.stream = {
        ...{ function: called, batchSize },
        retries: mapping.inputs.maximumRetryAttempts,
        bisect: mapping.inputs.bisectBatchOnFunctionError,
        filters: list(at(mapping.inputs, "filterCriteria.filters")).map((filter) =>
          JSON.parse(text(at(filter, "pattern"))),
        ),
      };
      const dead = at(mapping.inputs, "destinationConfig.onFailure.destinationArn");
      wired["stream's dead letters"] = queueName(dead);
      continue;
    }
    const queue = of("aws:sqs/queue:Queue").find((one) => physical(one) === lastOf(source));
    const redrive = JSON.parse(text(at(queue?.inputs, "redrivePolicy")) || "{}");
    wired[`queue ${queueName(source)}`] = {
      visibilityTimeoutSeconds: at(queue?.inputs, "visibilityTimeoutSeconds"),
      maxReceiveCount: redrive.maxReceiveCount,
      deadLetter: queueName(redrive.deadLetterTargetArn),
      ...{ function: called, batchSize },
    };
  }
  const failures = new Map(
    of("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").map((config) => [
      lastOf(at(config.inputs, "functionName")),
      at(config.inputs, "destinationConfig.onFailure.destination"),
    ]),
  );
  for (const lambda of of("aws:lambda/function:Function")) {
    const handler = handlers.get(lambda.name.replace(/Function$/, ""));
    if (!handler?.startsWith("packages/functions/")) continue;
    // CodePipeline calls it; on one machine `npm run pipeline` writes the record itself.
    if (handler.endsWith("/release-recorded.ts")) continue;
    const dead = failures.get(physical(lambda));
    wired[`function ${functionName(lambda.name.replace(/Function$/, ""))}`] = {
      handler,
      timeoutSeconds: at(lambda.inputs, "timeout"),
      ...(dead !== undefined && { onFailure: queueName(dead) }),
    };
  }
  for (const rule of of("aws:cloudwatch/eventRule:EventRule")) {
    const { detail: _, ...pattern } = JSON.parse(text(rule.inputs.eventPattern));
    const name = rule.name.replace(/Rule$/, "");
    const target = of("aws:cloudwatch/eventTarget:EventTarget").find((one) =>
      one.name.startsWith(name),
    );
    wired[`rule ${kebab(name)}`] = { pattern, function: functionOf(at(target?.inputs, "arn")) };
  }
  for (const schedule of of("aws:scheduler/schedule:Schedule")) {
    const minutes = /^rate\((\d+) minutes?\)$/.exec(text(schedule.inputs.scheduleExpression))?.[1];
    const called = functionOf(at(schedule.inputs, "target.arn"));
    wired[`schedule ${called}`] = { everySeconds: Number(minutes) * 60, function: called };
  }
  return wired;
}

const plain = (value: unknown): string => JSON.stringify(value, sorted) ?? "nothing";
const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Both homes are wired the same; a difference says which, and how each has it. */
export const alike =
  (home: Wiring): Rule =>
  (graph) => {
    const [here, there] = [local(home), onAws(graph)];
    return [...new Set([...Object.keys(here), ...Object.keys(there)])]
      .filter((name) => plain(here[name]) !== plain(there[name]))
      .map((name) => `${name}: ${plain(here[name])} on one machine, ${plain(there[name])} on AWS.`);
  };

export const wiredAlike = alike(wiring);
