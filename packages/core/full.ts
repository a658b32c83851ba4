/**
 * How a server reports that its disk is full. AWS's services never do. The local services reject every write with it,
 * each in its protocol's format. The servers, the API and the web app share this list. Safe in the browser.
 */
export const STORAGE_FULL = {
  /** For HTTP, everywhere: Insufficient Storage, RFC 4918. AWS's SDKs do not retry it. */
  status: 507,
  /** For the local S3, DynamoDB, MediaConvert, SES and SQS. */
  wireCode: "InsufficientStorage",
  /** For the API. */
  code: "storage.full",
  message: "The server's disk is full. Stored files are safe. Free some space, then try again.",
} as const;

/** True if a service has reported it: an SDK's error, or an error with such a cause. */
export function isStorageFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === STORAGE_FULL.wireCode) return true;
  if (error instanceof AggregateError) return error.errors.some(isStorageFull);
  return error.cause !== undefined && isStorageFull(error.cause);
}
