/**
 * Every function with its triggers, its permissions, and its dead-letter queue. Triggers, filters, batch sizes, retries
 * and timeouts are those of `packages/core/wiring.ts`, which the local stack reads too.
 */
import { wiring } from "../packages/core/wiring.ts";
import { secret, signIn } from "./auth.ts";
import { onBus } from "./bus.ts";
import { deadLetter } from "./dead.ts";
import { lambda } from "./function.ts";
import { email, mail } from "./mail.ts";
import * as may from "./permissions.ts";
import { queue } from "./queues.ts";
import { settings } from "./settings.ts";
import { renditions, uploads } from "./storage.ts";
import { table } from "./table.ts";
import { transcode } from "./transcode.ts";
import { byName, named, pascal } from "./wiring.ts";

/** core/resource.ts reads all of them in every function, so that a missing one fails at the start. */
export const link = [table, uploads, renditions, email, transcode, settings, secret, signIn];

type FunctionName = keyof typeof wiring.functions;
type Permission = sst.aws.FunctionPermissionArgs;

const handlerOf = (name: FunctionName) =>
  wiring.functions[name].handler.replace(/\.ts$/, ".handler");
const timeoutOf = (name: FunctionName) =>
  `${wiring.functions[name].timeoutSeconds} seconds` as const;

/** Limits the mapping, because reserved concurrency fails in new accounts, whose limit can be 10 in all. */
const MAXIMUM_CONCURRENCY = 10;

/** A function that a queue of the same name calls. */
function fromQueue(name: keyof typeof wiring.queues, permissions: Permission[]): void {
  const { batchSize } = wiring.queues[name].subscriber;
  const called = lambda({ handler: handlerOf(name), timeout: timeoutOf(name), link, permissions });
  queue(name).subscribe(called, {
    batch: { size: batchSize, partialResponses: true },
    transform: {
      eventSourceMapping: (args) => {
        args.scalingConfig = { maximumConcurrency: MAXIMUM_CONCURRENCY };
      },
    },
  });
}

/** A function that is called asynchronously. After its retries, the event goes to its dead-letter queue. */
function asynchronous(
  name: "transcode-changed" | "mail-feedback" | "reconcile",
  permissions: Permission[],
): sst.aws.Function {
  const onFailure = deadLetter(wiring.functions[name].onFailure);
  return new sst.aws.Function(
    pascal(name),
    lambda({ handler: handlerOf(name), timeout: timeoutOf(name), link, permissions, onFailure }),
  );
}

fromQueue("source-created", [
  may.rows("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
  ...may.readSources,
  may.removeSources,
  // The captions beside a video.
  may.addFiles,
  may.removeRendition,
  may.probe,
  ...may.submit,
]);

fromQueue("rendition-created", [
  may.rows("GetItem", "PutItem", "UpdateItem"),
  ...may.readRenditions,
  may.removeRendition,
  may.probe,
]);

const [{ stream }] = wiring.tables;
const streamDeadLetter = deadLetter(wiring.functions["job-changed"].onFailure);
table.subscribe(
  "JobChanged",
  lambda({
    handler: handlerOf("job-changed"),
    timeout: timeoutOf("job-changed"),
    link,
    permissions: [
      may.rows("GetItem", "PutItem", "UpdateItem", "BatchWriteItem"),
      may.sendMail,
      { actions: ["sqs:SendMessage"], resources: [streamDeadLetter.arn] },
    ],
  }),
  {
    filters: stream.filters,
    transform: {
      eventSourceMapping: (args) => {
        args.batchSize = stream.batchSize;
        args.maximumRetryAttempts = stream.retries;
        args.bisectBatchOnFunctionError = stream.bisect;
        args.functionResponseTypes = ["ReportBatchItemFailures"];
        args.destinationConfig = { onFailure: { destinationArn: streamDeadLetter.arn } };
      },
    },
  },
);

const rules = byName(wiring.rules);

export const transcodeChanged = asynchronous("transcode-changed", [
  may.rows("GetItem", "PutItem", "UpdateItem"),
  ...may.readSources,
  ...may.readRenditions,
  may.probe,
]);
onBus("TranscodeChanged", {
  description: "State changes of this stage's MediaConvert jobs",
  pattern: {
    ...named(rules, "transcode-changed").pattern,
    detail: { queue: [transcode.properties.queueArn] },
  },
  called: transcodeChanged,
  dead: deadLetter("transcode-changed-dead"),
});

export const mailFeedback = asynchronous("mail-feedback", [
  may.rows("PutItem", "UpdateItem", "ConditionCheckItem"),
]);
onBus("MailFeedback", {
  description: "SES's feedback on this stage's mail",
  pattern: {
    ...named(rules, "mail-feedback").pattern,
    detail: { mail: { tags: { "ses:configuration-set": [mail.configSet] } } },
  },
  called: mailFeedback,
  dead: deadLetter("mail-feedback-dead"),
});

export const reconcile = asynchronous("reconcile", [
  may.rows("GetItem", "PutItem", "UpdateItem", "ConditionCheckItem"),
  may.rows("BatchWriteItem", "Query"),
  may.lists("owner", "due"),
  ...may.readSources,
  may.removeSources,
  ...may.takeUploads,
  ...may.readRenditions,
  may.removeRendition,
  may.probe,
  ...may.submit,
  may.askAboutJobs,
  may.sendMail,
]);
const minutes = named(byName(wiring.schedules), "reconcile").everySeconds / 60;
new sst.aws.CronV2("ReconcileSchedule", {
  schedule: `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})`,
  function: reconcile,
});
