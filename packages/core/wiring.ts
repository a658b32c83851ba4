/**
 * What is connected to what: tables, buckets, queues, functions, event rules and schedules, as data.
 * The one-machine home provisions from this page.
 */

export interface FunctionWiring {
  /** Path from the project's root; the module exports `handler`. */
  handler: string;
  timeoutSeconds: number;
  /** Dead-letter queue of asynchronous invocations and streams. */
  onFailure?: string;
}

export interface QueueWiring {
  visibilityTimeoutSeconds: number;
  /** After so many receipts a message moves to the dead-letter queue. */
  maxReceiveCount: number;
  deadLetter: string;
  subscriber: { function: string; batchSize: number; maximumConcurrency: number };
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
    /** Lambda event filter patterns; a record that fits one of them is delivered. */
    filters: Record<string, unknown>[];
  };
}

export interface BucketWiring {
  name: string;
  /** True where browsers send bytes to it. */
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

export const wiring: Wiring = {
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
            dynamodb: {
              NewImage: { sk: { S: ["JOB"] }, status: { S: ["complete", "error", "rejected"] } },
            },
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
      notifications: [
        { id: "source-created", queue: "source-created", events: ["s3:ObjectCreated:*"] },
      ],
    },
    {
      name: "rushes-renditions",
      cors: false,
      abortMultipartAfterDays: 1,
      notifications: [
        {
          id: "rendition-created",
          queue: "rendition-created",
          events: ["s3:ObjectCreated:*"],
          suffixes: [".mp4"],
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
};

/** The dead-letter queues as the app is linked to them, where SQS answers at `sqsUrl`. */
export function deadLetterQueues({ queues, functions, tables }: Wiring, sqsUrl: string) {
  const at = (name: string) => ({ name, url: `${sqsUrl}/000000000000/${name}` });
  const streamed = new Set(tables.map(({ stream }) => stream.function));
  const ofQueues = Object.values(queues).map(({ deadLetter }) => ({
    ...at(deadLetter),
    kind: "queue",
  }));
  const ofFunctions = Object.entries(functions).flatMap(([name, { onFailure }]) => {
    if (onFailure === undefined) return [];
    // A stream's records are not kept: reconcile makes up for them.
    const isStream = streamed.has(name);
    const kind = isStream ? "stream" : "function";
    return [{ ...at(onFailure), kind, function: isStream ? "reconcile" : name }];
  });
  return [...ofQueues, ...ofFunctions];
}
