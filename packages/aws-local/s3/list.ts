/** ListObjectsV2, and the rolling up into common prefixes that it shares with ListMultipartUploads. */
import { uriEncode } from "../wire/canonical-request.ts";
import { notImplemented, S3Error } from "./errors.ts";
import { type BucketExchange, integer, replyXml } from "./exchange.ts";
import { type ObjectRow, objectName } from "./store.ts";

/** What sorts behind every key that begins with a prefix, but for keys that go on with this very character. */
const LAST = "\u{10ffff}";

/** Names as they are asked for: as they are, or percent-encoded (slashes stay), so that XML can carry any. */
export function encoderOf(exchange: BucketExchange): (text: string) => string {
  const type = exchange.query.get("encoding-type");
  if (type !== undefined && type !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  return type === "url" ? (text) => uriEncode(text).replaceAll("%2F", "/") : (text) => text;
}

/** The part of a key up to the delimiter behind the prefix, if it has one. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

interface Page {
  contents: { key: string; row: ObjectRow }[];
  prefixes: string[];
  /** The last key or common prefix, when there is more behind it. */
  next?: string;
}

/** Keys or common prefixes behind `after`, at most `max` together. */
export async function page(
  { store, bucket }: BucketExchange,
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
  // A page that ended in a common prefix goes on behind all of its keys.
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
      // Not walked key by key: a folder of a million keys costs one step.
      from = `${common}${LAST}`;
      break;
    }
  }
  return found;
}

/** Where to begin: never before the prefix, whose bytes may sort behind those of `from`. */
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

export async function listObjects(exchange: BucketExchange): Promise<void> {
  const { query, bucket } = exchange;
  if (query.get("list-type") !== "2") throw notImplemented("ListObjects; use ListObjectsV2");
  const encode = encoderOf(exchange);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const max = Math.min(
    integer(exchange, "max-keys", { min: 0, max: 2 ** 31 - 1, otherwise: 1000 }),
    1000,
  );
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const after = token === undefined ? (startAfter ?? "") : keyOfToken(token);
  const { contents, prefixes, next } = await page(exchange, { prefix, delimiter, after, max });
  const owner = { ID: "000000000000", DisplayName: "rushes" };
  replyXml(exchange, "ListBucketResult", {
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
      Owner: query.get("fetch-owner") === "true" ? owner : undefined,
    })),
    CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}
