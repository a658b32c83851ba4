import { tags } from "./stage.ts";
import { renditions, uploads } from "./storage.ts";

/** The role of MediaConvert: it may read sources and write renditions. */
export const role = new aws.iam.Role("TranscodeRole", {
  assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: ["mediaconvert.amazonaws.com"] }],
        conditions: [
          {
            test: "StringEquals",
            variable: "aws:SourceAccount",
            values: [aws.getCallerIdentityOutput().accountId],
          },
        ],
      },
    ],
  }).json,
  inlinePolicies: [
    {
      name: "buckets",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
          {
            actions: ["s3:GetObject", "s3:PutObject"],
            resources: [$interpolate`${renditions.arn}/*`],
          },
        ],
      }).json,
    },
  ],
  tags,
});

/** One queue for each stage, so that no stage's jobs wait for another's. */
export const queue = new aws.mediaconvert.Queue("TranscodeQueue", {
  name: `${$app.name}-${$app.stage}`,
  tags,
});

export const transcode = new sst.Linkable("Transcode", {
  properties: { roleArn: role.arn, queueArn: queue.arn },
});
