import { type ObjectContext, parameter } from "./context.ts";
import { S3Error } from "./errors.ts";
import { parseCopySource } from "./target.ts";

/** The maximum of one copy and of one part: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_COPY_BYTES = 5 * 1024 ** 3;

/** @throws S3Error InvalidRequest */
export function assertCopySize(bytes: number): void {
  if (bytes <= MAX_COPY_BYTES) return;
  throw new S3Error(
    "InvalidRequest",
    "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
  );
}

/** The object that a copy reads. @throws S3Error NoSuchBucket and those of `parseCopySource` */
export function copySource(context: ObjectContext): { bucket: string; key: string } {
  const source = parseCopySource(parameter(context, "x-amz-copy-source") ?? "");
  if (context.buckets.some(({ name }) => name === source.bucket)) return source;
  throw new S3Error("NoSuchBucket", "The specified bucket does not exist", {
    BucketName: source.bucket,
  });
}
