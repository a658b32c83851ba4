/** ListMultipartUploads and ListParts. */
import { type BucketContext, integer, type ObjectContext, OWNER, respondXml } from "./context.ts";
import { commonPrefix, encoderOf } from "./list-objects.ts";
import { findUpload, MAX_PARTS } from "./multipart.ts";
import type { PartRow, UploadRow } from "./rows.ts";
import { partName } from "./store.ts";

const PAGE = { min: 0, max: 2 ** 31 - 1, fallback: 1000 };

export async function listUploads(context: BucketContext): Promise<void> {
  const { query, bucket } = context;
  const encode = encoderOf(context);
  const max = Math.min(integer(context, "max-uploads", PAGE), 1000);
  const marker = { key: query.get("key-marker") ?? "", id: query.get("upload-id-marker") ?? "" };
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const found = await readPage(context, { prefix, delimiter, marker, max });
  respondXml(context, "ListMultipartUploadsResult", {
    Bucket: bucket.name,
    KeyMarker: encode(marker.key),
    UploadIdMarker: marker.id,
    NextKeyMarker: found.next && encode(found.next.key),
    NextUploadIdMarker: found.next?.id,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    EncodingType: query.get("encoding-type"),
    MaxUploads: max,
    IsTruncated: found.next !== undefined,
    Upload: found.uploads.map(({ id, row }) => ({
      Key: encode(row.key),
      UploadId: id,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: "STANDARD",
      Initiated: new Date(row.initiated).toISOString(),
      ChecksumAlgorithm: row.checksum?.algorithm,
      ChecksumType: row.checksum?.type,
    })),
    CommonPrefixes: found.prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

interface Marker {
  key: string;
  id: string;
}

/** Open uploads are few, so this scans all that match the prefix. */
async function readPage(
  { store, bucket }: BucketContext,
  {
    prefix,
    delimiter,
    marker,
    max,
  }: { prefix: string; delimiter: string; marker: Marker; max: number },
) {
  const uploads: { id: string; row: UploadRow }[] = [];
  const prefixes: string[] = [];
  let last: Marker | undefined;
  for await (const [name, row] of store.scan("upload", `${bucket.name}\0${prefix}`)) {
    const id = name.slice(name.lastIndexOf("\0") + 1);
    if (isBefore(row.key, id, marker)) continue;
    const common = commonPrefix(row.key, prefix, delimiter);
    if (common !== undefined && (common === prefixes.at(-1) || common === marker.key)) continue;
    if (uploads.length + prefixes.length >= max) {
      return { uploads, prefixes, next: max === 0 ? undefined : last };
    }
    if (common === undefined) uploads.push({ id, row });
    else prefixes.push(common);
    last = common === undefined ? { key: row.key, id } : { key: common, id: "" };
  }
  return { uploads, prefixes, next: undefined };
}

/** Whether an upload is on an earlier page; a marker without an id skips all uploads of its key. */
function isBefore(key: string, id: string, marker: Marker): boolean {
  const order = Buffer.compare(Buffer.from(key), Buffer.from(marker.key));
  if (order !== 0) return order < 0;
  return marker.id === "" || id <= marker.id;
}

export async function listParts(context: ObjectContext): Promise<void> {
  const { store, bucket, key } = context;
  const encode = encoderOf(context);
  const max = Math.min(integer(context, "max-parts", PAGE), 1000);
  const marker = integer(context, "part-number-marker", {
    min: 0,
    max: 2 ** 31 - 1,
    fallback: 0,
  });
  const { id, row } = await findUpload(context, store);
  const parts: PartRow[] = [];
  let more = false;
  if (max > 0 && marker < MAX_PARTS) {
    for await (const [, part] of store.scan("part", `${id}\0`, partName(id, marker + 1))) {
      more = parts.length === max;
      if (more) break;
      parts.push(part);
    }
  }
  respondXml(context, "ListPartsResult", {
    Bucket: bucket.name,
    Key: encode(key),
    UploadId: id,
    Initiator: OWNER,
    Owner: OWNER,
    StorageClass: "STANDARD",
    PartNumberMarker: marker,
    NextPartNumberMarker: more ? parts.at(-1)?.number : undefined,
    MaxParts: max,
    IsTruncated: more,
    ChecksumAlgorithm: row.checksum?.algorithm,
    ChecksumType: row.checksum?.type,
    Part: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modified).toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.sizeBytes,
      ...(row.checksum && { [`Checksum${row.checksum.algorithm}`]: part.checksum }),
    })),
  });
}
