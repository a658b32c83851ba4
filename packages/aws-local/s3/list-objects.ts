/** ListObjects in both versions, and the common prefixes that it shares with ListMultipartUploads. */
import { uriEncode } from "../wire/canonical-request.ts";
import { type BucketContext, integer, OWNER, respondXml } from "./context.ts";
import { S3Error } from "./errors.ts";
import type { ObjectRow } from "./rows.ts";
import { objectName } from "./store.ts";
import type { Content } from "./xml.ts";

/** The most keys and common prefixes of one page. */
const MAX_KEYS = 1000;

/** Sorts after every key that can follow a prefix, except keys that continue with this character. */
const LAST = "\u{10ffff}";

/** How the request wants names: unchanged, or percent-encoded (except slashes), so that XML can carry any name. */
export function encoderOf(context: BucketContext): (text: string) => string {
  const type = context.query.get("encoding-type");
  if (type !== undefined && type !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  return type === "url" ? (text) => uriEncode(text).replaceAll("%2F", "/") : (text) => text;
}

/** The part of a key up to the first delimiter after the prefix. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

interface Page {
  contents: { key: string; row: ObjectRow }[];
  prefixes: string[];
  /** The last key or common prefix, if there are more after it. */
  next?: string;
}

/** Keys and common prefixes after `after`, at most `max` together. */
async function readPage(
  { store, bucket }: BucketContext,
  {
    prefix,
    delimiter,
    after,
    max,
  }: { prefix: string; delimiter: string; after: string; max: number },
): Promise<Page> {
  const found: Page = { contents: [], prefixes: [] };
  if (max === 0) return found;
  const skip = objectName(bucket.name, "").length;
  // After a common prefix, the next page continues after all of its keys.
  const rolled = after !== "" && after === commonPrefix(after, prefix, delimiter);
  let from: string | undefined = rolled ? `${after}${LAST}` : after;
  let last = rolled ? after : "";
  while (from !== undefined) {
    const rows = store.scan(
      "object",
      objectName(bucket.name, prefix),
      startOf(bucket.name, prefix, from),
    );
    from = undefined;
    for await (const [name, row] of rows) {
      const key = name.slice(skip);
      if (key === after) continue;
      const common = commonPrefix(key, prefix, delimiter);
      if (common !== undefined && common === last) continue;
      if (found.contents.length + found.prefixes.length === max) return { ...found, next: last };
      last = common ?? key;
      if (common === undefined) {
        found.contents.push({ key, row });
        continue;
      }
      found.prefixes.push(common);
      // Skips all keys of the prefix: a folder of a million keys costs one step.
      from = `${common}${LAST}`;
      break;
    }
  }
  return found;
}

/** Where the scan starts: at the prefix or at `from`, whichever sorts later. */
function startOf(bucket: string, prefix: string, from: string): string {
  const later = Buffer.compare(Buffer.from(from), Buffer.from(prefix)) > 0 ? from : prefix;
  return objectName(bucket, later);
}

const tokenOf = (key: string) => Buffer.from(key).toString("base64url");
const keyOfToken = (token: string) => {
  const key = Buffer.from(token, "base64url").toString("utf8");
  if (token === "" || tokenOf(key) !== token) {
    throw new S3Error("InvalidArgument", "The continuation token provided is incorrect");
  }
  return key;
};

/** Runs version 2 or, for a request without `list-type`, version 1, which rclone and s3cmd use. */
export function listObjects(context: BucketContext): Promise<void> {
  const version = context.query.get("list-type") ?? "1";
  if (version === "1") return listFromMarker(context);
  if (version === "2") return listFromToken(context);
  throw new S3Error("InvalidArgument", "list-type must be 2, or absent for version 1.", {
    ArgumentName: "list-type",
    ArgumentValue: version,
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
async function listFromMarker(context: BucketContext): Promise<void> {
  const request = readRequest(context);
  const { encode, delimiter } = request;
  const marker = context.query.get("marker") ?? "";
  const page = await readPage(context, { ...request, after: marker });
  // Without a delimiter, S3 sends no NextMarker: the client continues after the last key.
  const next = delimiter === "" ? undefined : page.next;
  respondXml(context, "ListBucketResult", {
    ...described(context, request, page),
    Marker: encode(marker),
    NextMarker: next === undefined ? undefined : encode(next),
    Contents: contentsOf(page, encode, { withOwner: true }),
    CommonPrefixes: prefixesOf(page, encode),
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function listFromToken(context: BucketContext): Promise<void> {
  const { query } = context;
  const request = readRequest(context);
  const { encode } = request;
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const after = token === undefined ? (startAfter ?? "") : keyOfToken(token);
  const page = await readPage(context, { ...request, after });
  respondXml(context, "ListBucketResult", {
    ...described(context, request, page),
    KeyCount: page.contents.length + page.prefixes.length,
    ContinuationToken: token,
    NextContinuationToken: page.next === undefined ? undefined : tokenOf(page.next),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    Contents: contentsOf(page, encode, { withOwner: query.get("fetch-owner") === "true" }),
    CommonPrefixes: prefixesOf(page, encode),
  });
}

interface ListRequest {
  encode: (text: string) => string;
  prefix: string;
  delimiter: string;
  max: number;
}

function readRequest(context: BucketContext): ListRequest {
  const max = integer(context, "max-keys", { min: 0, max: 2 ** 31 - 1, fallback: MAX_KEYS });
  return {
    encode: encoderOf(context),
    prefix: context.query.get("prefix") ?? "",
    delimiter: context.query.get("delimiter") ?? "",
    max: Math.min(max, MAX_KEYS),
  };
}

function described(
  { bucket, query }: BucketContext,
  { encode, prefix, delimiter, max }: ListRequest,
  page: Page,
): Record<string, Content> {
  return {
    Name: bucket.name,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    MaxKeys: max,
    EncodingType: query.get("encoding-type"),
    IsTruncated: page.next !== undefined,
  };
}

function contentsOf(
  { contents }: Page,
  encode: ListRequest["encode"],
  { withOwner }: { withOwner: boolean },
): Content[] {
  return contents.map(({ key, row }) => ({
    Key: encode(key),
    LastModified: new Date(row.modified).toISOString(),
    ETag: `"${row.etag}"`,
    ChecksumAlgorithm: row.checksum?.algorithm,
    ChecksumType: row.checksum?.type,
    Size: row.sizeBytes,
    StorageClass: "STANDARD",
    Owner: withOwner ? OWNER : undefined,
  }));
}

const prefixesOf = ({ prefixes }: Page, encode: ListRequest["encode"]): Content[] =>
  prefixes.map((common) => ({ Prefix: encode(common) }));
