/** Operations on buckets themselves. The configuration creates buckets, requests do not. */

import { type BucketContext, type Context, OWNER, respond, respondXml } from "./context.ts";
import { notImplemented, S3Error } from "./errors.ts";

/** Buckets have no creation date here, but S3's clients require one. */
const CREATED = new Date(0).toISOString();

export function listBuckets(context: Context): void {
  respondXml(context, "ListAllMyBucketsResult", {
    Owner: OWNER,
    Buckets: {
      Bucket: context.buckets.map(({ name }) => ({ Name: name, CreationDate: CREATED })),
    },
  });
}

export function headBucket(context: BucketContext): void {
  respond(context, 200, { "x-amz-bucket-region": context.region });
}

/** S3 reports us-east-1 as an empty location constraint. */
export function bucketLocation(context: BucketContext): void {
  const { region } = context;
  respondXml(context, "LocationConstraint", region === "us-east-1" ? "" : region);
}

export function createBucket(context: Context, name: string): never {
  if (context.buckets.some((bucket) => bucket.name === name)) {
    throw new S3Error(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      { BucketName: name },
    );
  }
  throw notImplemented("CreateBucket");
}
