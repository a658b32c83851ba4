/** The bucket for the artifacts of stages: encrypted, private, TLS only. */
import { account, named, region, tags } from "./settings.ts";

export const key = new aws.kms.Key("ArtifactsKey", {
  description: "Encrypts the artifacts of a delivery",
  enableKeyRotation: true,
  deletionWindowInDays: 30,
  tags,
});

export const artifacts = new aws.s3.Bucket("Artifacts", {
  bucket: $interpolate`${named("artifacts")}-${account}-${region}`,
  tags,
});

new aws.s3.BucketPublicAccessBlock("ArtifactsPublicAccessBlock", {
  bucket: artifacts.bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

new aws.s3.BucketServerSideEncryptionConfiguration("ArtifactsEncryption", {
  bucket: artifacts.bucket,
  rules: [
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
      bucketKeyEnabled: true,
    },
  ],
});

new aws.s3.BucketPolicy("ArtifactsPolicy", {
  bucket: artifacts.bucket,
  policy: $jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [artifacts.arn, $interpolate`${artifacts.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  }),
});

new aws.s3.BucketLifecycleConfiguration("ArtifactsLifecycle", {
  bucket: artifacts.bucket,
  rules: [
    {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      // You can roll a stage back only to a delivery whose sources are still here.
      expiration: { days: 180 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
  ],
});
