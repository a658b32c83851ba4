/** Finds the operation of a request. All others are NotImplemented. */

import { ACCOUNT_ID } from "../wire/account.ts";
import { authorize } from "./access.ts";
import { bucketLocation, createBucket, headBucket, listBuckets } from "./buckets.ts";
import { completeUpload } from "./complete.ts";
import type { BucketContext, Context, ObjectContext } from "./context.ts";
import { parameter } from "./context.ts";
import { copyPart } from "./copy-part.ts";
import { deleteObject, deleteObjects } from "./delete-objects.ts";
import { notImplemented, S3Error } from "./errors.ts";
import { listObjects } from "./list-objects.ts";
import { listParts, listUploads } from "./list-uploads.ts";
import { abortUpload, createUpload, uploadPart } from "./multipart.ts";
import { copyObject, putObject } from "./objects.ts";
import { getObject } from "./read.ts";
import { BUCKET_SETTINGS, getObjectAcl, getObjectTagging } from "./settings.ts";

/** Parameters that select another operation. An unsupported one must not run the plain operation. */
const SUBRESOURCES = new Set(
  `
  accelerate acl analytics annotations append attributes cors delete encryption
  intelligent-tiering inventory legal-hold lifecycle location logging metadataTable
  metadataConfiguration metrics notification object-lock ownershipControls partNumber
  policy policyStatus publicAccessBlock renameObject replication requestPayment restore
  retention select session tagging torrent uploadId uploads versioning versions website
  `
    .trim()
    .split(/\s+/),
);

type Operation<C> = (context: C) => void | Promise<void>;

const BUCKET: Record<string, Operation<BucketContext>> = {
  "HEAD ": headBucket,
  "GET ": listObjects,
  "GET location": bucketLocation,
  "GET uploads": listUploads,
  "POST delete": deleteObjects,
  ...Object.fromEntries(
    Object.entries(BUCKET_SETTINGS).map(([name, respond]) => [`GET ${name}`, respond]),
  ),
};

const OBJECT: Record<string, Operation<ObjectContext>> = {
  "GET ": getObject,
  "HEAD ": getObject,
  "GET partNumber": getObject,
  "HEAD partNumber": getObject,
  "GET acl": getObjectAcl,
  "GET tagging": getObjectTagging,
  "PUT ": putObject,
  "DELETE ": deleteObject,
  "POST uploads": createUpload,
  "PUT partNumber uploadId": uploadPart,
  "POST uploadId": completeUpload,
  "GET uploadId": listParts,
  "DELETE uploadId": abortUpload,
};

export async function route(context: Context, bucketName?: string, key?: string): Promise<void> {
  const method = context.request.method ?? "";
  const names = [...context.query.keys()].filter((name) => SUBRESOURCES.has(name)).sort();
  const operation = `${method} ${names.join(" ")}`;
  authorize(context, operation, bucketName, key);
  if (bucketName === undefined) {
    if (operation === "GET ") return listBuckets(context);
    throw notImplemented(operation);
  }
  if (operation === "PUT " && key === undefined) createBucket(context, bucketName);
  const bucket = context.buckets.find(({ name }) => name === bucketName);
  if (!bucket) {
    throw new S3Error("NoSuchBucket", "The specified bucket does not exist", {
      BucketName: bucketName,
    });
  }
  if ((parameter(context, "x-amz-expected-bucket-owner") ?? ACCOUNT_ID) !== ACCOUNT_ID) {
    throw new S3Error("AccessDenied", "Access Denied");
  }
  if (key === undefined) {
    const run = Object.hasOwn(BUCKET, operation) ? BUCKET[operation] : undefined;
    if (!run) throw notImplemented(`${operation.trim()} of a bucket`);
    return run({ ...context, bucket });
  }
  await objectOperation({ ...context, bucket, key }, operation);
}

async function objectOperation(context: ObjectContext, operation: string): Promise<void> {
  const isCopy = parameter(context, "x-amz-copy-source") !== undefined;
  if (isCopy && operation === "PUT ") return copyObject(context);
  if (isCopy && operation === "PUT partNumber uploadId") return copyPart(context);
  if (isCopy) throw notImplemented(`x-amz-copy-source on ${operation.trim()}`);
  const version = context.query.get("versionId");
  if (version !== undefined && version !== "null") throw notImplemented("versionId");
  const run = Object.hasOwn(OBJECT, operation) ? OBJECT[operation] : undefined;
  if (!run) throw notImplemented(`${operation.trim()} of an object`);
  return run(context);
}
