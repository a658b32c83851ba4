/** The narrowest permissions by what they are for. A function names what it uses, and no more. */
import { email } from "./mail.ts";
import { renditions, uploads } from "./storage.ts";
import { table } from "./table.ts";
import { queue, role } from "./transcode.ts";

type Permission = sst.aws.FunctionPermissionArgs;

const indexes = $interpolate`${table.arn}/index/*`;
const objects = (bucket: sst.aws.Bucket) => $interpolate`${bucket.arn}/*`;

/** Rows by key, and writes all or nothing. */
export const rows: Permission = {
  actions: [
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:Query",
  ],
  resources: [table.arn],
};
export const lists: Permission = { actions: ["dynamodb:Query"], resources: [indexes] };

export const readSources: Permission = {
  actions: ["s3:GetObject"],
  resources: [objects(uploads)],
};
export const removeSources: Permission = {
  actions: ["s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
  resources: [objects(uploads)],
};
export const receiveSources: Permission = {
  actions: ["s3:PutObject"],
  resources: [objects(uploads)],
};
export const readRenditions: Permission = {
  actions: ["s3:GetObject"],
  resources: [objects(renditions)],
};
export const removeRenditions: Permission[] = [
  { actions: ["s3:DeleteObject"], resources: [objects(renditions)] },
  { actions: ["s3:ListBucket"], resources: [renditions.arn] },
];

const jobs = $interpolate`arn:aws:mediaconvert:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:jobs/*`;

/** Submitting takes the queue, and handing the role on to MediaConvert and to nobody else. */
export const submit: Permission[] = [
  { actions: ["mediaconvert:CreateJob"], resources: [queue.arn, jobs] },
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
export const followJobs: Permission[] = [
  { actions: ["mediaconvert:GetJob", "mediaconvert:CancelJob"], resources: [jobs] },
  // These two know no resource: IAM takes nothing but a star.
  { actions: ["mediaconvert:SearchJobs"], resources: [queue.arn] },
];
export const probe: Permission = { actions: ["mediaconvert:Probe"], resources: ["*"] };

export const sendMail: Permission = {
  actions: ["ses:SendEmail"],
  resources: [
    $interpolate`arn:aws:ses:${aws.getRegionOutput().region}:${aws.getCallerIdentityOutput().accountId}:identity/*`,
  ],
  conditions: [{ test: "StringEquals", variable: "ses:FromAddress", values: [email.sender] }],
};
