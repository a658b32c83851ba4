/** Headers that are stored with an object and given back with it. */

import { notImplemented, S3Error } from "./errors.ts";
import { type Exchange, parameter, parameters, type ReadExchange } from "./exchange.ts";
import type { Headers, ObjectRow } from "./store.ts";

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

/** What would change how an object is kept, and is not kept that way here. */
const UNSUPPORTED = [
  "x-amz-tagging",
  "x-amz-grant-",
  "x-amz-object-lock-",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
  "x-amz-server-side-encryption-",
  "x-amz-copy-source-server-side-encryption-",
  "x-amz-copy-source-range",
];

/** @throws S3Error NotImplemented for storage classes, ACLs, tags, locks and encryption keys */
export function refuseUnsupported(exchange: Exchange): void {
  for (const prefix of UNSUPPORTED) {
    const [found] = parameters(exchange, prefix);
    if (found) throw notImplemented(found[0]);
  }
  const allowed: Record<string, string[]> = {
    "x-amz-storage-class": ["STANDARD"],
    "x-amz-acl": ["private", "bucket-owner-full-control"],
    "x-amz-server-side-encryption": [],
  };
  for (const [name, values] of Object.entries(allowed)) {
    const value = parameter(exchange, name);
    if (value !== undefined && !values.includes(value)) throw notImplemented(`${name}: ${value}`);
  }
}

/** The headers of a PUT, copy or CreateMultipartUpload that belong to the object. */
export function storedHeaders(exchange: Exchange): Headers {
  const headers: Headers = {};
  for (const name of STORED) {
    const value = parameter(exchange, name);
    if (value !== undefined && value !== "") headers[name] = value;
  }
  const encodings = (headers["content-encoding"] ?? "")
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "" && encoding !== "aws-chunked");
  if (encodings.length > 0) headers["content-encoding"] = encodings.join(",");
  else delete headers["content-encoding"];
  let bytes = 0;
  for (const [name, value] of parameters(exchange, "x-amz-meta-")) {
    headers[name] = asHeader(value);
    bytes += Buffer.byteLength(name.slice("x-amz-meta-".length)) + Buffer.byteLength(value);
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed size.");
  }
  return headers;
}

/** Text that a header cannot carry as it is goes as RFC 2047 says, as S3 does it too. */
const asHeader = (text: string) =>
  /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
    ? text
    : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;

/** The headers of a GET or HEAD: what was stored, and what the address asks for in its place. */
export function objectHeaders(exchange: ReadExchange, row: ObjectRow): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "binary/octet-stream",
    ...row.headers,
    etag: `"${row.etag}"`,
    "last-modified": new Date(row.modified).toUTCString(),
    "accept-ranges": "bytes",
  };
  for (const name of STORED) {
    const value = exchange.query.get(`response-${name}`);
    if (value !== undefined) headers[name] = asHeader(value);
  }
  return headers;
}
