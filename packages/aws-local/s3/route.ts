/** Which operation a request is. What is not here is answered with NotImplemented. */
import { bucketLocation, createBucket, headBucket, listBuckets } from "./buckets.ts";
import { completeUpload } from "./complete.ts";
import { notImplemented, S3Error } from "./errors.ts";
import type { BucketExchange, Exchange, ObjectExchange } from "./exchange.ts";
import { parameter } from "./exchange.ts";
import { listObjects } from "./list.ts";
import { listParts, listUploads } from "./list-uploads.ts";
import { abortUpload, createUpload, uploadPart } from "./multipart.ts";
import { copyObject, deleteObject, deleteObjects, putObject } from "./objects.ts";
import { getObject } from "./read.ts";

/** Names that change what a request means; one that is not handled must not pass for the plain operation. */
const SUBRESOURCES = new Set([
  ..."accelerate acl analytics annotations append attributes cors delete encryption".split(" "),
  ..."intelligent-tiering inventory legal-hold lifecycle location logging metadataTable".split(" "),
  ..."metadataConfiguration metrics notification object-lock ownershipControls partNumber".split(
    " ",
  ),
  ..."policy policyStatus publicAccessBlock renameObject replication requestPayment restore".split(
    " ",
  ),
  ..."retention select session tagging torrent uploadId uploads versioning versions website".split(
    " ",
  ),
]);

const ACCOUNT_ID = "000000000000";

type Operation<E> = (exchange: E) => void | Promise<void>;

const BUCKET: Record<string, Operation<BucketExchange>> = {
  "HEAD ": headBucket,
  "GET ": listObjects,
  "GET location": bucketLocation,
  "GET uploads": listUploads,
  "POST delete": deleteObjects,
};

const OBJECT: Record<string, Operation<ObjectExchange>> = {
  "GET ": getObject,
  "HEAD ": getObject,
  "GET partNumber": getObject,
  "HEAD partNumber": getObject,
  "PUT ": putObject,
  "DELETE ": deleteObject,
  "POST uploads": createUpload,
  "PUT partNumber uploadId": uploadPart,
  "POST uploadId": completeUpload,
  "GET uploadId": listParts,
  "DELETE uploadId": abortUpload,
};

export async function route(exchange: Exchange, bucketName?: string, key?: string): Promise<void> {
  const method = exchange.request.method ?? "";
  const names = [...exchange.query.keys()].filter((name) => SUBRESOURCES.has(name)).sort();
  const operation = `${method} ${names.join(" ")}`;
  if (bucketName === undefined) {
    if (operation === "GET ") return listBuckets(exchange);
    throw notImplemented(operation);
  }
  if (operation === "PUT " && key === undefined) createBucket(exchange, bucketName);
  const bucket = exchange.buckets.find(({ name }) => name === bucketName);
  if (!bucket) {
    throw new S3Error("NoSuchBucket", "The specified bucket does not exist", {
      BucketName: bucketName,
    });
  }
  if ((parameter(exchange, "x-amz-expected-bucket-owner") ?? ACCOUNT_ID) !== ACCOUNT_ID) {
    throw new S3Error("AccessDenied", "Access Denied");
  }
  if (key === undefined) {
    const run = Object.hasOwn(BUCKET, operation) ? BUCKET[operation] : undefined;
    if (!run) throw notImplemented(`${operation.trim()} of a bucket`);
    return run({ ...exchange, bucket });
  }
  await objectOperation({ ...exchange, bucket, key }, operation);
}

async function objectOperation(exchange: ObjectExchange, operation: string): Promise<void> {
  const copies = parameter(exchange, "x-amz-copy-source") !== undefined;
  if (copies && operation === "PUT ") return copyObject(exchange);
  if (copies) throw notImplemented("x-amz-copy-source on a part");
  const version = exchange.query.get("versionId");
  if (version !== undefined && version !== "null") throw notImplemented("versionId");
  const run = Object.hasOwn(OBJECT, operation) ? OBJECT[operation] : undefined;
  if (!run) throw notImplemented(`${operation.trim()} of an object`);
  return run(exchange);
}
