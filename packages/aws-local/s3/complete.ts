/** CompleteMultipartUpload: the parts become the object where they lie, by a list of their blobs. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { type Checksum, checksumOfParts, headerOf } from "./checksum.ts";
import { conditionally } from "./conflicts.ts";
import { S3Error } from "./errors.ts";
import { type ObjectExchange, parameter, readText, replyXml } from "./exchange.ts";
import { letGo } from "./gone.ts";
import { MAX_PARTS, noSuchUpload, removeParts } from "./multipart.ts";
import { writeRow } from "./objects.ts";
import { type PartRow, partName, type Transaction, type UploadRow, uploadName } from "./store.ts";
import { parseDocument } from "./xml.ts";

/** Every part but the last must have so many: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** 10,000 parts with ETag and checksum take about 2 MB. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

const Part = z
  .object({ PartNumber: z.string().regex(/^\s*\d{1,5}\s*$/), ETag: z.string() })
  .loose();
const Document = z.object({ Part: z.array(Part).min(1).max(MAX_PARTS) });
type Listed = z.infer<typeof Part>;

export function completeUpload(exchange: ObjectExchange): Promise<void> {
  return conditionally(exchange, (assertUndisturbed) => complete(exchange, assertUndisturbed));
}

async function complete(exchange: ObjectExchange, assertUndisturbed: () => void): Promise<void> {
  const { bucket, key, store, blobs, query } = exchange;
  const id = query.get("uploadId") ?? "";
  const text = (await readText(exchange, MAX_DOCUMENT_BYTES)).toString("utf8");
  const document = Document.safeParse(parseDocument(text, "CompleteMultipartUpload"));
  if (!document.success) {
    throw new S3Error("MalformedXML", "The list must hold 1 to 10,000 parts with number and ETag.");
  }
  const listed = document.data.Part;
  assertOrder(listed);
  const result = await store.commit(async (transaction) => {
    const name = uploadName(bucket.name, key, id);
    const upload = await transaction.get("upload", name);
    const done = upload ? undefined : await transaction.get("done", id);
    // Its answer may have been lost: asked again, it says the same again.
    if (done && done.bucket === bucket.name && done.key === key) return done;
    if (!upload) throw noSuchUpload(id);
    assertUndisturbed();
    const parts = await chosenParts(transaction, id, listed, upload);
    const etag = etagOf(parts);
    const checksum = checksumOf(exchange, upload, parts);
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    assertSize(exchange, sizeBytes);
    const pieces = parts
      .filter((part) => part.sizeBytes > 0)
      .map(({ blob, sizeBytes, etag: md5 }) => ({ blob, sizeBytes, md5 }));
    await writeRow(exchange, transaction, "ObjectCreated:CompleteMultipartUpload", {
      ...{ sizeBytes, etag, checksum, pieces, headers: upload.headers, multipart: true },
    });
    transaction.remove("upload", name);
    const used = new Set(pieces.map(({ blob }) => blob));
    const unused = (await removeParts(store, transaction, id)).filter((blob) => !used.has(blob));
    letGo(transaction, blobs, unused);
    const row = { bucket: bucket.name, key, etag, checksum, completed: Date.now() };
    transaction.put("done", id, row);
    return row;
  });
  const checksum = result.checksum;
  replyXml(exchange, "CompleteMultipartUploadResult", {
    Location: `http://${exchange.request.headers.host ?? ""}/${bucket.name}/${encodeURIComponent(key)}`,
    Bucket: bucket.name,
    Key: key,
    ETag: `"${result.etag}"`,
    ...(checksum
      ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }
      : {}),
  });
}

function assertOrder(listed: Listed[]): void {
  for (const [at, part] of listed.entries()) {
    const before = listed[at - 1];
    if (before && Number(part.PartNumber) <= Number(before.PartNumber)) {
      throw new S3Error(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      );
    }
  }
}

/** The rows that the list names. @throws S3Error InvalidPart, EntityTooSmall */
async function chosenParts(
  transaction: Transaction,
  id: string,
  listed: Listed[],
  upload: UploadRow,
): Promise<PartRow[]> {
  const parts: PartRow[] = [];
  for (const part of listed) {
    const row = await transaction.get("part", partName(id, Number(part.PartNumber)));
    const etag = part.ETag.trim().replace(/^"|"$/g, "");
    const stated = upload.checksum && part[`Checksum${upload.checksum.algorithm}`];
    if (!row || row.etag !== etag || (stated !== undefined && stated !== row.checksum)) {
      throw new S3Error(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { UploadId: id, PartNumber: part.PartNumber.trim(), ETag: etag },
      );
    }
    parts.push(row);
  }
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < MIN_PART_BYTES);
  if (small) {
    throw new S3Error(
      "EntityTooSmall",
      "Your proposed upload is smaller than the minimum allowed size",
      {
        ProposedSize: String(small.sizeBytes),
        MinSizeAllowed: String(MIN_PART_BYTES),
        PartNumber: String(small.number),
        ETag: small.etag,
      },
    );
  }
  return parts;
}

function etagOf(parts: PartRow[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}

/** @throws S3Error BadDigest when the request states another checksum of the whole */
function checksumOf(
  exchange: ObjectExchange,
  upload: UploadRow,
  parts: PartRow[],
): Checksum | undefined {
  if (!upload.checksum) return undefined;
  const { algorithm, type } = upload.checksum;
  const values = parts.map(({ checksum, sizeBytes }) => ({ value: checksum ?? "", sizeBytes }));
  const checksum = checksumOfParts(algorithm, type, values);
  const statedType = parameter(exchange, "x-amz-checksum-type");
  if (statedType !== undefined && statedType.toUpperCase() !== type) {
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const stated = parameter(exchange, headerOf(algorithm));
  if (stated !== undefined && stated !== checksum.value) {
    throw new S3Error(
      "BadDigest",
      `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
  return checksum;
}

function assertSize(exchange: ObjectExchange, sizeBytes: number): void {
  const stated = parameter(exchange, "x-amz-mp-object-size");
  if (stated !== undefined && stated !== String(sizeBytes)) {
    throw new S3Error(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${stated} does not match what was computed: ${sizeBytes}`,
    );
  }
}
