/** What is asked about buckets themselves. They are made by the settings, not by requests. */

import { notImplemented, S3Error } from "./errors.ts";
import { type BucketExchange, type Exchange, reply, replyXml } from "./exchange.ts";

/** Buckets have no time of birth here; S3's clients want one. */
const CREATED = new Date(0).toISOString();

export function listBuckets(exchange: Exchange): void {
  replyXml(exchange, "ListAllMyBucketsResult", {
    Owner: { ID: "000000000000", DisplayName: "rushes" },
    Buckets: {
      Bucket: exchange.buckets.map(({ name }) => ({ Name: name, CreationDate: CREATED })),
    },
  });
}

export function headBucket(exchange: BucketExchange): void {
  reply(exchange, 200, { "x-amz-bucket-region": exchange.region });
}

/** us-east-1 is the empty constraint, for a reason as old as S3. */
export function bucketLocation(exchange: BucketExchange): void {
  const { region } = exchange;
  replyXml(exchange, "LocationConstraint", region === "us-east-1" ? "" : region);
}

export function createBucket(exchange: Exchange, name: string): never {
  if (exchange.buckets.some((bucket) => bucket.name === name)) {
    throw new S3Error(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      { BucketName: name },
    );
  }
  throw notImplemented("CreateBucket");
}
