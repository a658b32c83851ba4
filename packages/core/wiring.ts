/**
 * Which event reaches which function, as data: tables, buckets, queues, functions, event rules and schedules. The local
 * stack and `infra` both create their resources from this file.
 */
import { NOTIFIED } from "./job/status.ts";

export interface FunctionWiring {
  /** Path from the project's root; the module exports `handler`. */
  handler: string;
  timeoutSeconds: number;
  /** Dead-letter queue of asynchronous invocations and streams. */
  onFailure?: string;
}

export interface QueueWiring {
  /** At least six times the function's timeout, as AWS advises: a message must not come back while it is processed. */
  visibilityTimeoutSeconds: number;
  /** After this many receives, a message moves to the dead-letter queue. */
  maxReceiveCount: number;
  deadLetter: string;
  subscriber: {
    function: string;
    batchSize: number;
    /** On one machine. `infra/functions.ts` sets AWS's own limit, because Lambda has more cores. */
    maximumConcurrency: number;
  };
}

export interface TableWiring {
  name: string;
  hashKey: string;
  rangeKey: string;
  ttl: string;
  /** Every index projects all attributes. */
  indexes: { name: string; hashKey: string; rangeKey: string }[];
  stream: {
    function: string;
    batchSize: number;
    retries: number;
    bisect: boolean;
    /** Lambda event filter patterns. A record that matches one of them is delivered. */
    filters: Record<string, unknown>[];
  };
}

export interface BucketWiring {
  name: string;
  /** True if browsers send bytes to it. */
  cors: boolean;
  abortMultipartAfterDays?: number;
  notifications: { id: string; queue: string; events: string[]; suffixes?: string[] }[];
}

export interface RuleWiring {
  name: string;
  pattern: Record<string, unknown>;
  function: string;
}

export interface ScheduleWiring {
  name: string;
  everySeconds: number;
  function: string;
}

export interface Wiring {
  tables: TableWiring[];
  buckets: BucketWiring[];
  queues: Record<string, QueueWiring>;
  functions: Record<string, FunctionWiring>;
  rules: RuleWiring[];
  schedules: ScheduleWiring[];
}

const CREATED = (["Put", "Post", "Copy", "CompleteMultipartUpload"] as const).map(
  (event) => `s3:ObjectCreated:${event}` as const,
);

export const wiring = {
  tables: [
    {
      name: "rushes",
      hashKey: "pk",
      rangeKey: "sk",
      ttl: "ttl",
      indexes: [
        { name: "owner", hashKey: "ownerPk", rangeKey: "ownerSk" },
        { name: "status", hashKey: "statusPk", rangeKey: "statusSk" },
        { name: "name", hashKey: "namePk", rangeKey: "nameSk" },
        { name: "changed", hashKey: "changedPk", rangeKey: "changedSk" },
        { name: "due", hashKey: "duePk", rangeKey: "dueSk" },
      ],
      stream: {
        function: "job-changed",
        batchSize: 10,
        retries: 3,
        bisect: true,
        filters: [
          {
            eventName: ["INSERT", "MODIFY"],
            dynamodb: { NewImage: { sk: { S: ["JOB"] }, status: { S: [...NOTIFIED] } } },
          },
        ],
      },
    },
  ],
  buckets: [
    {
      name: "rushes-uploads",
      cors: true,
      abortMultipartAfterDays: 7,
      notifications: [{ id: "source-created", queue: "source-created", events: CREATED }],
    },
    {
      name: "rushes-renditions",
      cors: false,
      abortMultipartAfterDays: 1,
      notifications: [
        {
          id: "rendition-created",
          queue: "rendition-created",
          events: CREATED,
          // By suffix: captures, media playlists, segments and storyboard tiles must not start a function.
          suffixes: [".mp4", ".m4a", "/hls/index.m3u8"],
        },
      ],
    },
  ],
  queues: {
    "source-created": {
      visibilityTimeoutSeconds: 360,
      maxReceiveCount: 3,
      deadLetter: "source-created-dead",
      subscriber: { function: "source-created", batchSize: 5, maximumConcurrency: 2 },
    },
    "rendition-created": {
      visibilityTimeoutSeconds: 360,
      maxReceiveCount: 3,
      deadLetter: "rendition-created-dead",
      subscriber: { function: "rendition-created", batchSize: 5, maximumConcurrency: 2 },
    },
  },
  functions: {
    "source-created": { handler: "packages/functions/source-created.ts", timeoutSeconds: 60 },
    "rendition-created": { handler: "packages/functions/rendition-created.ts", timeoutSeconds: 60 },
    "transcode-changed": {
      handler: "packages/functions/transcode-changed.ts",
      timeoutSeconds: 30,
      onFailure: "transcode-changed-dead",
    },
    "job-changed": {
      handler: "packages/functions/job-changed.ts",
      timeoutSeconds: 30,
      onFailure: "job-changed-dead",
    },
    "mail-feedback": {
      handler: "packages/functions/mail-feedback.ts",
      timeoutSeconds: 30,
      onFailure: "mail-feedback-dead",
    },
    reconcile: {
      handler: "packages/functions/reconcile.ts",
      timeoutSeconds: 60,
      onFailure: "reconcile-dead",
    },
  },
  // On AWS, `infra/functions.ts` adds the stage's own encoder queue and configuration set to these patterns.
  rules: [
    {
      name: "transcode-changed",
      pattern: {
        source: ["aws.mediaconvert"],
        "detail-type": ["MediaConvert Job State Change"],
      },
      function: "transcode-changed",
    },
    {
      name: "mail-feedback",
      pattern: {
        source: ["aws.ses"],
        "detail-type": [
          "Email Delivered",
          "Email Bounced",
          "Email Complaint Received",
          "Email Rejected",
          "Email Rendering Failed",
        ],
      },
      function: "mail-feedback",
    },
  ],
  schedules: [{ name: "reconcile", everySeconds: 60, function: "reconcile" }],
} satisfies Wiring;

export interface DeadLetterWiring {
  name: string;
  /** The source of its messages. */
  kind: "queue" | "function" | "stream";
  /** The function that can process its messages again. A queue's messages go back to the queue instead. */
  function?: string;
}

export function deadLetters({ queues, functions, tables }: Wiring): DeadLetterWiring[] {
  const streamed = new Set(tables.map(({ stream }) => stream.function));
  const found: DeadLetterWiring[] = Object.values(queues).map(({ deadLetter }) => ({
    name: deadLetter,
    kind: "queue",
  }));
  for (const [called, { onFailure }] of Object.entries(functions)) {
    if (onFailure === undefined) continue;
    // The stream does not keep its records. `reconcile` processes what was missed.
    if (streamed.has(called))
      found.push({ name: onFailure, kind: "stream", function: "reconcile" });
    else found.push({ name: onFailure, kind: "function", function: called });
  }
  return found;
}

/** The dead-letter queues as the app is linked to them, if SQS listens at `sqsUrl`. */
export const deadLetterQueues = (wiring: Wiring, sqsUrl: string) =>
  deadLetters(wiring).map((queue) => ({ ...queue, url: `${sqsUrl}/000000000000/${queue.name}` }));
