/**
 * How a server says that its disk is full. AWS's services never do; those of one machine answer every write
 * so, each in the form of its protocol. The servers, the API and the web app share this one list. Safe in
 * the browser.
 */
export const STORAGE_FULL = {
  /** Of HTTP, everywhere: Insufficient Storage, RFC 4918. AWS's SDKs do not repeat it. */
  status: 507,
  /** Of S3, DynamoDB, MediaConvert, SES and SQS on one machine. */
  wireCode: "InsufficientStorage",
  /** Of the API. */
  code: "storage.full",
  message: "The server's disk is full. Stored files are safe. Free some space, then try again.",
} as const;

/** True when a service behind us has said so: the error of an SDK, or one that was caused by it. */
export function isStorageFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === STORAGE_FULL.wireCode) return true;
  if (error instanceof AggregateError) return error.errors.some(isStorageFull);
  return error.cause !== undefined && isStorageFull(error.cause);
}
