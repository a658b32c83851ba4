/** What the access keys of people may do: list one bucket, and put their own objects into it. */
import { type Context, parameter } from "./context.ts";
import { S3Error } from "./errors.ts";
import { parseCopySource } from "./target.ts";

// Tools try to create the bucket that they write to. It exists, so the response says only that.
const ON_BUCKET = new Set(["HEAD ", "GET ", "GET location", "GET uploads", "PUT "]);
const ON_OBJECT = new Set([
  "HEAD ",
  "HEAD partNumber",
  // No object has tags. The AWS CLI requests them before it copies an object in parts.
  "GET tagging",
  "PUT ",
  "POST uploads",
  "PUT partNumber uploadId",
  "POST uploadId",
  "GET uploadId",
  "DELETE uploadId",
]);

export const accessDenied = (message = "Access Denied") => new S3Error("AccessDenied", message);

/** @throws S3Error AccessDenied if the request is signed with a person's key that does not allow the operation */
export function authorize(
  context: Context,
  operation: string,
  bucket: string | undefined,
  key: string | undefined,
): void {
  const { accessKey } = context;
  if (!accessKey) return;
  const allowed = key === undefined ? ON_BUCKET : ON_OBJECT;
  if (bucket !== accessKey.bucket || !allowed.has(operation)) throw accessDenied();
  const { reservedPrefix } = accessKey;
  const isRead = operation.startsWith("HEAD ") || operation === "GET tagging";
  if (!isRead && reservedPrefix !== undefined && key?.startsWith(reservedPrefix)) {
    throw accessDenied(`Only the app can write objects whose keys begin with ${reservedPrefix}`);
  }
  if (context.request.headers["x-rushes-events"] !== undefined) throw accessDenied();
  const source = parameter(context, "x-amz-copy-source");
  if (source !== undefined && parseCopySource(source).bucket !== accessKey.bucket) {
    throw accessDenied();
  }
}

/**
 * For an object or upload that a request copies, replaces or continues.
 *
 * @throws S3Error AccessDenied if the request is signed with a person's key and the row is not of that key's owner
 */
export function assertOwn(
  { accessKey }: Pick<Context, "accessKey">,
  row: { ownerId?: string | undefined } | undefined,
): void {
  if (accessKey && row && row.ownerId !== accessKey.ownerId) {
    throw accessDenied("Another user or the app put this object into the bucket.");
  }
}
