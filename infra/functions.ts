/** Every function with what calls it, what it may do, and where it leaves what it cannot handle. */
import { secret, signIn } from "./auth.ts";
import { onBus } from "./bus.ts";
import { deadLetters } from "./dead.ts";
import { lambda } from "./function.ts";
import { email, mail } from "./mail.ts";
import * as may from "./permissions.ts";
import { renditionCreated, sourceCreated } from "./queues.ts";
import { settings } from "./settings.ts";
import { renditions, uploads } from "./storage.ts";
import { table } from "./table.ts";
import { transcode } from "./transcode.ts";

/** core/resource.ts reads all of them, whatever a function uses: a missing one is told at its start. */
export const link = [table, uploads, renditions, email, transcode, settings, secret, signIn];

/** Bounded at the source: reserved concurrency fails in fresh accounts, whose whole limit can be 10. */
const fromQueue = (maximumConcurrency: number): sst.aws.QueueSubscriberArgs => ({
  batch: { size: 5, partialResponses: true },
  transform: {
    eventSourceMapping: (args) => {
      args.scalingConfig = { maximumConcurrency };
    },
  },
});

sourceCreated.subscribe(
  lambda("source-created", {
    timeout: "1 minute",
    link,
    permissions: [
      may.rows("GetItem", "PutItem", "UpdateItem"),
      ...[...may.readSources, may.removeSources, may.probe, ...may.submit],
    ],
  }),
  fromQueue(10),
);

renditionCreated.subscribe(
  lambda("rendition-created", {
    timeout: "1 minute",
    link,
    permissions: [
      may.rows("GetItem", "PutItem", "UpdateItem"),
      ...[...may.readRenditions, may.removeRendition, may.probe],
    ],
  }),
  fromQueue(10),
);

table.subscribe(
  "JobChanged",
  lambda("job-changed", {
    timeout: "30 seconds",
    link,
    permissions: [
      may.rows("GetItem", "PutItem", "UpdateItem", "BatchWriteItem"),
      may.sendMail,
      { actions: ["sqs:SendMessage"], resources: [deadLetters.jobChanged.arn] },
    ],
  }),
  {
    filters: [
      {
        eventName: ["INSERT", "MODIFY"],
        dynamodb: {
          NewImage: { sk: { S: ["JOB"] }, status: { S: ["complete", "error", "rejected"] } },
        },
      },
    ],
    transform: {
      eventSourceMapping: (args) => {
        args.batchSize = 10;
        args.maximumRetryAttempts = 3;
        args.bisectBatchOnFunctionError = true;
        args.functionResponseTypes = ["ReportBatchItemFailures"];
        args.destinationConfig = { onFailure: { destinationArn: deadLetters.jobChanged.arn } };
      },
    },
  },
);

export const transcodeChanged = new sst.aws.Function(
  "TranscodeChanged",
  lambda("transcode-changed", {
    timeout: "30 seconds",
    link,
    permissions: [
      may.rows("GetItem", "PutItem", "UpdateItem"),
      ...[...may.readSources, ...may.readRenditions, may.probe],
    ],
    onFailure: deadLetters.transcodeChanged,
  }),
);
onBus("TranscodeChanged", {
  description: "What MediaConvert says about the jobs of this stage",
  pattern: {
    source: ["aws.mediaconvert"],
    "detail-type": ["MediaConvert Job State Change"],
    detail: { queue: [transcode.properties.queueArn] },
  },
  called: transcodeChanged,
  dead: deadLetters.transcodeChanged,
});

export const mailFeedback = new sst.aws.Function(
  "MailFeedback",
  lambda("mail-feedback", {
    timeout: "30 seconds",
    link,
    permissions: [may.rows("PutItem", "UpdateItem", "ConditionCheckItem")],
    onFailure: deadLetters.mailFeedback,
  }),
);
onBus("MailFeedback", {
  description: "What SES says about the mails of this stage",
  pattern: {
    source: ["aws.ses"],
    "detail-type": [
      "Email Delivered",
      "Email Bounced",
      "Email Complaint Received",
      "Email Rejected",
      "Email Rendering Failed",
    ],
    detail: { mail: { tags: { "ses:configuration-set": [mail.configSet] } } },
  },
  called: mailFeedback,
  dead: deadLetters.mailFeedback,
});

export const reconcile = new sst.aws.Function(
  "Reconcile",
  lambda("reconcile", {
    timeout: "1 minute",
    link,
    permissions: [
      may.rows("GetItem", "PutItem", "UpdateItem", "BatchWriteItem", "Query"),
      may.lists("owner", "due"),
      ...[...may.readSources, may.removeSources, ...may.takeUploads],
      ...[...may.readRenditions, may.removeRendition],
      ...[may.probe, ...may.submit, may.askAboutJobs, may.sendMail],
    ],
    onFailure: deadLetters.reconcile,
  }),
);
new sst.aws.CronV2("ReconcileSchedule", { schedule: "rate(1 minute)", function: reconcile });
