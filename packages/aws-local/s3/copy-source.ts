import { type ObjectContext, parameter } from "./context.ts";
import { S3Error } from "./errors.ts";
import { parseCopySource } from "./target.ts";

/** The object that a copy reads. @throws S3Error NoSuchBucket and those of `parseCopySource` */
export function copySource(context: ObjectContext): { bucket: string; key: string } {
  const source = parseCopySource(parameter(context, "x-amz-copy-source") ?? "");
  if (context.buckets.some(({ name }) => name === source.bucket)) return source;
  throw new S3Error("NoSuchBucket", "The specified bucket does not exist", {
    BucketName: source.bucket,
  });
}
