/** The narrowest permissions, named by purpose. Each function lists those that it uses. */
import { mail } from "./mail.ts";
import { renditions, uploads } from "./storage.ts";
import { table } from "./table.ts";
import { queue, role } from "./transcode.ts";

type Permission = sst.aws.FunctionPermissionArgs;

const objects = (bucket: sst.aws.Bucket) => $interpolate`${bucket.arn}/*`;

type Row =
  | "GetItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem"
  | "BatchGetItem"
  | "BatchWriteItem"
  | "Query";

/** Access to rows by key. A transaction needs the permission of each of its writes. */
export const rows = (...actions: Row[]): Permission => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [table.arn],
});
/** Queries of these indexes. */
export const lists = (
  ...names: ("owner" | "status" | "name" | "changed" | "due")[]
): Permission => ({
  actions: ["dynamodb:Query"],
  resources: names.map((name) => $interpolate`${table.arn}/index/${name}`),
});

/**
 * Reads objects that can be missing. Without s3:ListBucket, S3 returns 403 for a missing object, and a deleted source
 * would look like a missing permission.
 */
const read = (bucket: sst.aws.Bucket): Permission[] => [
  { actions: ["s3:GetObject"], resources: [objects(bucket)] },
  { actions: ["s3:ListBucket"], resources: [bucket.arn] },
];
export const readSources = read(uploads);
export const readRenditions = read(renditions);
export const removeSources: Permission = {
  actions: ["s3:DeleteObject"],
  resources: [objects(uploads)],
};
/** Creates, signs, completes and aborts uploads. */
export const takeUploads: Permission[] = [
  {
    actions: ["s3:PutObject"],
    resources: [objects(uploads)],
  },
  {
    actions: ["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
    resources: [objects(uploads)],
  },
];
/** Stores the files that people add to a video, or put beside it. */
export const addFiles: Permission = {
  actions: ["s3:PutObject"],
  resources: [objects(renditions)],
};
/** Removes renditions that arrive after their job was deleted, and captions that others replace. */
export const removeRendition: Permission = {
  actions: ["s3:DeleteObject"],
  resources: [objects(renditions)],
};
/** Finds and removes every rendition of a job. */
export const removeRenditions: Permission[] = [
  removeRendition,
  { actions: ["s3:ListBucket"], resources: [renditions.arn] },
];

const jobs = $interpolate`arn:aws:mediaconvert:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:jobs/*`;

/**
 * Submits jobs: the queue, and the role for MediaConvert only. Before a second submission, SearchJobs checks for the
 * first one. CancelJob stops a job that was canceled in the meantime.
 */
export const submit: Permission[] = [
  { actions: ["mediaconvert:CreateJob", "mediaconvert:SearchJobs"], resources: [queue.arn] },
  { actions: ["mediaconvert:CancelJob"], resources: [jobs] },
  {
    actions: ["iam:PassRole"],
    resources: [role.arn],
    conditions: [
      {
        test: "StringEquals",
        variable: "iam:PassedToService",
        values: ["mediaconvert.amazonaws.com"],
      },
    ],
  },
];
export const askAboutJobs: Permission = { actions: ["mediaconvert:GetJob"], resources: [jobs] };
/** IAM accepts only `*` here. Probe reads what its caller may read. */
export const probe: Permission = { actions: ["mediaconvert:Probe"], resources: ["*"] };

export const sendMail: Permission = {
  actions: ["ses:SendEmail"],
  resources: [
    $interpolate`arn:aws:ses:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:identity/*`,
    // A mail that names a configuration set also needs permission for that set.
    $interpolate`arn:aws:ses:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:configuration-set/${mail.configSet}`,
  ],
  conditions: [{ test: "StringEquals", variable: "ses:FromAddress", values: [mail.sender] }],
};
