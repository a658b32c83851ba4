/**
 * Settings of buckets and objects that clients read: those of a new bucket on S3, with the CORS and lifecycle rules of
 * the local stack. Requests cannot change them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { noSuchKey } from "./conditions.ts";
import { type BucketContext, type ObjectContext, OWNER, respondXml } from "./context.ts";
import { METHODS } from "./cors.ts";
import { S3Error } from "./errors.ts";
import { objectName } from "./store.ts";
import type { Content } from "./xml.ts";

type Setting = (context: BucketContext) => void;

const always =
  (root: string, content: Content): Setting =>
  (context) =>
    respondXml(context, root, content);

const absent =
  (...[code, message]: ConstructorParameters<typeof S3Error>): Setting =>
  () => {
    throw new S3Error(code, message);
  };

const ACL: [root: string, content: Content] = [
  "AccessControlPolicy",
  {
    Owner: OWNER,
    AccessControlList: {
      Grant: {
        'Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"':
          OWNER,
        Permission: "FULL_CONTROL",
      },
    },
  },
];

/** By the parameter of the query. */
export const BUCKET_SETTINGS: Record<string, Setting> = {
  accelerate: always("AccelerateConfiguration", ""),
  acl: always(...ACL),
  cors: getCors,
  lifecycle: getLifecycle,
  logging: always("BucketLoggingStatus", ""),
  "object-lock": absent(
    "ObjectLockConfigurationNotFoundError",
    "Object Lock configuration does not exist for this bucket",
  ),
  ownershipControls: always("OwnershipControls", {
    Rule: { ObjectOwnership: "BucketOwnerEnforced" },
  }),
  policy: absent("NoSuchBucketPolicy", "The bucket policy does not exist"),
  policyStatus: absent("NoSuchBucketPolicy", "The bucket policy does not exist"),
  publicAccessBlock: always("PublicAccessBlockConfiguration", {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }),
  replication: absent(
    "ReplicationConfigurationNotFoundError",
    "The replication configuration was not found",
  ),
  requestPayment: always("RequestPaymentConfiguration", { Payer: "BucketOwner" }),
  tagging: absent("NoSuchTagSet", "The TagSet does not exist"),
  versioning: always("VersioningConfiguration", ""),
  website: absent(
    "NoSuchWebsiteConfiguration",
    "The specified bucket does not have a website configuration",
  ),
};

function getCors(context: BucketContext): void {
  const { cors } = context.bucket;
  if (!cors) {
    throw new S3Error("NoSuchCORSConfiguration", "The CORS configuration does not exist");
  }
  respondXml(context, "CORSConfiguration", {
    CORSRule: {
      AllowedOrigin: cors.origins,
      AllowedMethod: METHODS,
      AllowedHeader: "*",
      MaxAgeSeconds: cors.maxAgeSeconds,
    },
  });
}

function getLifecycle(context: BucketContext): void {
  const days = context.bucket.abortMultipartAfterDays;
  if (days === undefined) {
    throw new S3Error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
  }
  respondXml(context, "LifecycleConfiguration", {
    Rule: {
      ID: "abort-multipart-uploads",
      Filter: { Prefix: "" },
      Status: "Enabled",
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
    },
  });
}

export async function getObjectAcl(context: ObjectContext): Promise<void> {
  await assertExists(context);
  respondXml(context, ...ACL);
}

export async function getObjectTagging(context: ObjectContext): Promise<void> {
  await assertExists(context);
  respondXml(context, "Tagging", { TagSet: "" });
}

async function assertExists({ store, bucket, key }: ObjectContext): Promise<void> {
  if (!(await store.get("object", objectName(bucket.name, key)))) throw noSuchKey(key);
}
