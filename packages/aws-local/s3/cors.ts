/** Cross-origin access to buckets, so that a page can upload directly. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BucketConfig } from "./config.ts";
import { S3Error } from "./errors.ts";

export const METHODS = ["GET", "PUT", "POST", "HEAD", "DELETE"];
/** The headers that pages read: the ETag of a part, checksums, ranges, and ids for bug reports. */
const EXPOSED =
  "ETag, Content-Range, Accept-Ranges, Content-Disposition, x-amz-checksum-crc32, x-amz-checksum-crc32c, x-amz-checksum-crc64nvme, x-amz-checksum-sha1, x-amz-checksum-sha256, x-amz-checksum-type, x-amz-request-id";

function allowedOrigin(bucket: BucketConfig | undefined, origin: string): string | undefined {
  if (bucket?.cors?.origins.includes(origin)) return origin;
  return bucket?.cors?.origins.includes("*") ? "*" : undefined;
}

/** Adds the headers that let a page of an allowed origin read the response, including an error. */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  bucket: BucketConfig | undefined,
): void {
  if (!bucket?.cors) return;
  response.setHeader(
    "vary",
    "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  );
  const allowed = request.headers.origin && allowedOrigin(bucket, request.headers.origin);
  if (!allowed) return;
  response.setHeader("access-control-allow-origin", allowed);
  response.setHeader("access-control-expose-headers", EXPOSED);
}

/** Responds to a preflight request. @throws S3Error AccessForbidden */
export function preflight(
  request: IncomingMessage,
  response: ServerResponse,
  bucket: BucketConfig | undefined,
): void {
  const origin = request.headers.origin;
  const method = request.headers["access-control-request-method"];
  if (!origin || !method) {
    throw new S3Error(
      "InvalidRequest",
      "Insufficient information. Origin request header and Access-Control-Request-Method are needed.",
    );
  }
  if (!allowedOrigin(bucket, origin) || !METHODS.includes(method)) {
    throw new S3Error(
      "AccessForbidden",
      "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  }
  const headers = request.headers["access-control-request-headers"];
  response.writeHead(200, {
    "access-control-allow-methods": METHODS.join(", "),
    // Absent, not undefined: Node rejects a header without a value.
    ...(headers && { "access-control-allow-headers": headers }),
    "access-control-max-age": String(bucket?.cors?.maxAgeSeconds ?? 0),
    "content-length": 0,
  });
  response.end();
}
