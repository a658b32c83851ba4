/**
 * The IAM actions and resources that each recorded call needs. Operations and actions differ: several operations can
 * need the same action, and some need more than one. Source: AWS's Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/, one page per service). models/iam.jsonl has its
 * actions and resource types. For anything else, a comment names the source.
 *
 * A grant is written `action on`, where `on` is the name in infra: `Table`, `Table/index/name`, `Uploads` for the
 * bucket and `Uploads/*` for its objects, `DeadLetters`, `Queues` (the other queues).
 */

type Needs = (on: string) => string[];

/**
 * Without s3:ListBucket, S3 returns 403 for a missing object, as for a missing permission:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html. A function that only signs for a browser does
 * not need it.
 */
const read: Needs = (bucket) => [`s3:GetObject ${bucket}/*`, `s3:ListBucket ${bucket}`];
const write: Needs = (bucket) => [`s3:PutObject ${bucket}/*`];
const remove: Needs = (bucket) => [`s3:DeleteObject ${bucket}/*`];
const same =
  (action: string): Needs =>
  (on) => [`${action} ${on}`];

const NEEDS: Record<string, Needs> = {
  "dynamodb GetItem": same("dynamodb:GetItem"),
  "dynamodb PutItem": same("dynamodb:PutItem"),
  "dynamodb UpdateItem": same("dynamodb:UpdateItem"),
  "dynamodb DeleteItem": same("dynamodb:DeleteItem"),
  // A query of an index needs permission for the index, not for the table.
  "dynamodb Query": same("dynamodb:Query"),
  "dynamodb BatchGetItem": same("dynamodb:BatchGetItem"),
  "dynamodb BatchWriteItem": same("dynamodb:BatchWriteItem"),
  // A transaction has no action:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  "dynamodb TransactWriteItems.Put": same("dynamodb:PutItem"),
  "dynamodb TransactWriteItems.Update": same("dynamodb:UpdateItem"),
  "dynamodb TransactWriteItems.Delete": same("dynamodb:DeleteItem"),
  "dynamodb TransactWriteItems.ConditionCheck": same("dynamodb:ConditionCheckItem"),

  "s3 GetObject": read,
  "s3 HeadObject": read,
  "s3 PutObject": write,
  "s3 DeleteObject": remove,
  "s3 DeleteObjects": remove,
  "s3 ListObjectsV2": same("s3:ListBucket"),
  // The parts of one upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
  "s3 CreateMultipartUpload": write,
  "s3 UploadPart": write,
  "s3 CompleteMultipartUpload": write,
  "s3 ListParts": (bucket) => [`s3:ListMultipartUploadParts ${bucket}/*`],
  "s3 AbortMultipartUpload": (bucket) => [`s3:AbortMultipartUpload ${bucket}/*`],
  // A presigned URL allows what its signer may do. IAM does not know the browser.
  "s3 GetObject presigned": (bucket) => [`s3:GetObject ${bucket}/*`],
  "s3 PutObject presigned": write,
  "s3 UploadPart presigned": write,

  // MediaConvert assumes the role, so the caller needs permission to pass it.
  "mediaconvert CreateJob": () => ["mediaconvert:CreateJob Queue", "iam:PassRole TranscodeRole"],
  "mediaconvert SearchJobs": () => ["mediaconvert:SearchJobs Queue"],
  "mediaconvert GetJob": () => ["mediaconvert:GetJob Jobs"],
  "mediaconvert CancelJob": () => ["mediaconvert:CancelJob Jobs"],
  // Probe has no role. It reads the file with the caller's permissions.
  "mediaconvert Probe": (bucket) => ["mediaconvert:Probe *", `s3:GetObject ${bucket}/*`],

  // The delivery pipeline. IAM knows no resource for a job's result.
  "codepipeline ListActionExecutions": () => ["codepipeline:ListActionExecutions Pipeline"],
  "codepipeline PutJobSuccessResult": () => ["codepipeline:PutJobSuccessResult *"],
  "codepipeline PutJobFailureResult": () => ["codepipeline:PutJobFailureResult *"],

  "sesv2 SendEmail": (on) => [`ses:SendEmail ${on}`],

  "sqs GetQueueAttributes": same("sqs:GetQueueAttributes"),
  "sqs ReceiveMessage": same("sqs:ReceiveMessage"),
  "sqs DeleteMessage": same("sqs:DeleteMessage"),
  "sqs ChangeMessageVisibility": same("sqs:ChangeMessageVisibility"),
  // The permissions of a task that moves dead-letter messages back to their queues:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
  "sqs StartMessageMoveTask": (on) => [
    ...["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage"].map(
      (action) => `${action} ${on}`,
    ),
    `sqs:GetQueueAttributes ${on}`,
    "sqs:SendMessage Queues",
  ],

  "lambda Invoke": () => ["lambda:InvokeFunction Functions"],
};

/** The grants that a recorded call needs. @throws for a call that the table does not name */
export function needed(call: string): string[] {
  const [service = "", operation = "", ...rest] = call.split(" ");
  const presigned = rest.includes("presigned");
  const on = rest.filter((one) => one !== "presigned").join(" ");
  const needs = NEEDS[`${service} ${operation}${presigned ? " presigned" : ""}`];
  if (!needs) throw new Error(`actions.ts does not say what ${call} needs.`);
  return needs(on);
}

/**
 * Calls that AWS itself makes with a role, and that the code does not make: by role, or for every role whose function
 * has such a source or target.
 */
export const BY_AWS: { grants: string[]; roles: string[]; why: string }[] = [
  {
    why: "Lambda takes messages out of a function's queue in the name of its role; SST writes these five",
    roles: ["source-created", "rendition-created"],
    grants: [
      ...["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      ...["sqs:GetQueueUrl", "sqs:ReceiveMessage"],
    ].map((action) => `${action} Queues`),
  },
  {
    why: "Lambda reads the table's stream in the name of the function's role; SST writes these four",
    roles: ["job-changed"],
    grants: [
      ...["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      "dynamodb:ListStreams",
    ].map((action) => `${action} Table/stream`),
  },
  {
    why: "Lambda leaves what a function could not handle in its dead-letter queue, in its role's name",
    roles: ["job-changed", "transcode-changed", "mail-feedback", "reconcile"],
    grants: ["sqs:SendMessage DeadLetters"],
  },
  {
    why: "SST grants every Next.js site OpenNext's cache of pages, beside its assets; ours caches none",
    roles: ["web"],
    grants: [
      ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map(
        (action) => `${action} WebAssets/*`,
      ),
      ...["s3:ListBucket WebAssets", "cloudfront:CreateInvalidation *"],
    ],
  },
];

/** Every action that the table can need or that AWS uses itself. */
export const ACTIONS: string[] = [
  ...new Set(
    [
      ...Object.values(NEEDS).flatMap((needs) => needs("x")),
      ...BY_AWS.flatMap(({ grants }) => grants),
    ].map((grant) => grant.split(" ")[0] ?? ""),
  ),
].sort();
