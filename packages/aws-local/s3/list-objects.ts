/** ListObjectsV2, and the common prefixes that it shares with ListMultipartUploads. */
import { uriEncode } from "../wire/canonical-request.ts";
import { type BucketContext, integer, OWNER, respondXml } from "./context.ts";
import { notImplemented, S3Error } from "./errors.ts";
import type { ObjectRow } from "./rows.ts";
import { objectName } from "./store.ts";

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

export async function listObjects(context: BucketContext): Promise<void> {
  const { query, bucket } = context;
  if (query.get("list-type") !== "2") throw notImplemented("ListObjects; use ListObjectsV2");
  const encode = encoderOf(context);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const max = Math.min(
    integer(context, "max-keys", { min: 0, max: 2 ** 31 - 1, fallback: 1000 }),
    1000,
  );
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const after = token === undefined ? (startAfter ?? "") : keyOfToken(token);
  const { contents, prefixes, next } = await readPage(context, { prefix, delimiter, after, max });
  respondXml(context, "ListBucketResult", {
    Name: bucket.name,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    MaxKeys: max,
    EncodingType: query.get("encoding-type"),
    KeyCount: contents.length + prefixes.length,
    IsTruncated: next !== undefined,
    ContinuationToken: token,
    NextContinuationToken: next === undefined ? undefined : tokenOf(next),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    Contents: contents.map(({ key, row }) => ({
      Key: encode(key),
      LastModified: new Date(row.modified).toISOString(),
      ETag: `"${row.etag}"`,
      ChecksumAlgorithm: row.checksum?.algorithm,
      ChecksumType: row.checksum?.type,
      Size: row.sizeBytes,
      StorageClass: "STANDARD",
      Owner: query.get("fetch-owner") === "true" ? OWNER : undefined,
    })),
    CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}
