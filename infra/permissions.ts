/** The narrowest permissions by what they are for. A function names what it uses, and no more. */
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
  | "BatchWriteItem"
  | "Query";

/** Rows by key. A transaction needs what each of its writes would need alone. */
export const rows = (...actions: Row[]): Permission => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [table.arn],
});
/** Rows by these indexes. */
export const lists = (
  ...names: ("owner" | "status" | "name" | "changed" | "due")[]
): Permission => ({
  actions: ["dynamodb:Query"],
  resources: names.map((name) => $interpolate`${table.arn}/index/${name}`),
});

/**
 * Reads what may be missing: without s3:ListBucket S3 answers 403 for an object that is not there, and
 * a source that somebody has removed would look like a mistake of ours.
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
/** Starts, signs, puts together and gives up uploads. */
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
/** What lands for a job that is deleted. */
export const removeRendition: Permission = {
  actions: ["s3:DeleteObject"],
  resources: [objects(renditions)],
};
/** Whatever there is of a job. */
export const removeRenditions: Permission[] = [
  removeRendition,
  { actions: ["s3:ListBucket"], resources: [renditions.arn] },
];

const jobs = $interpolate`arn:aws:mediaconvert:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:jobs/*`;

/**
 * Submitting takes the queue, and handing the role on to MediaConvert and to nobody else. Whoever submits
 * looks whether it was done before, and stops what was canceled meanwhile.
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
/** It knows no resource: IAM takes nothing but a star. It reads what its caller may read. */
export const probe: Permission = { actions: ["mediaconvert:Probe"], resources: ["*"] };

export const sendMail: Permission = {
  actions: ["ses:SendEmail"],
  resources: [
    $interpolate`arn:aws:ses:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:identity/*`,
    // A mail that names a configuration set needs to be allowed that one, too.
    $interpolate`arn:aws:ses:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:configuration-set/${mail.configSet}`,
  ],
  conditions: [{ test: "StringEquals", variable: "ses:FromAddress", values: [mail.sender] }],
};
