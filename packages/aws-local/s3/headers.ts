/** Headers that are stored with an object and returned with it. */

import { type Context, parameter, parameters, type ReadContext } from "./context.ts";
import { notImplemented, S3Error } from "./errors.ts";
import type { Headers, ObjectRow } from "./rows.ts";

const STORED = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
] as const;
/** S3's limit for user metadata, names and values together. */
const MAX_METADATA_BYTES = 2048;

/** Headers that change how S3 stores an object, which this server does not support. */
const UNSUPPORTED = [
  "x-amz-tagging",
  "x-amz-grant-",
  "x-amz-object-lock-",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
  "x-amz-server-side-encryption-",
  "x-amz-copy-source-server-side-encryption-",
];

/** @throws S3Error NotImplemented for storage classes, ACLs, tags, locks and encryption keys */
export function rejectUnsupportedHeaders(context: Context): void {
  for (const prefix of UNSUPPORTED) {
    const [found] = parameters(context, prefix);
    if (found) throw notImplemented(found[0]);
  }
  const allowed: Record<string, string[]> = {
    "x-amz-storage-class": ["STANDARD"],
    "x-amz-acl": ["private", "bucket-owner-full-control"],
    // The default of every bucket on S3. Here, the disk encrypts or nothing does.
    "x-amz-server-side-encryption": ["AES256"],
  };
  for (const [name, values] of Object.entries(allowed)) {
    const value = parameter(context, name);
    if (value !== undefined && !values.includes(value)) throw notImplemented(`${name}: ${value}`);
  }
}

/** The headers of a PUT, copy or CreateMultipartUpload that are stored with the object. */
export function storedHeaders(context: Context): Headers {
  const headers: Headers = {};
  for (const name of STORED) {
    const value = parameter(context, name);
    if (value !== undefined && value !== "") headers[name] = value;
  }
  const encodings = (headers["content-encoding"] ?? "")
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "" && encoding !== "aws-chunked");
  if (encodings.length > 0) headers["content-encoding"] = encodings.join(",");
  else delete headers["content-encoding"];
  let bytes = 0;
  for (const [name, value] of parameters(context, "x-amz-meta-")) {
    headers[name] = asHeader(value);
    bytes += Buffer.byteLength(name.slice("x-amz-meta-".length)) + Buffer.byteLength(value);
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed size.");
  }
  return headers;
}

/** Encodes text that a header cannot carry by RFC 2047, as S3 does. */
const asHeader = (text: string) =>
  /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
    ? text
    : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;

/** The headers of a GET or HEAD: the stored ones, replaced by those in the query. */
export function objectHeaders(context: ReadContext, row: ObjectRow): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "binary/octet-stream",
    ...row.headers,
    etag: `"${row.etag}"`,
    "last-modified": new Date(row.modified).toUTCString(),
    "accept-ranges": "bytes",
  };
  for (const name of STORED) {
    const value = context.query.get(`response-${name}`);
    if (value !== undefined) headers[name] = asHeader(value);
  }
  return headers;
}
