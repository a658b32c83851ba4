/** CompleteMultipartUpload: the object's row lists the blobs of the parts, so that no byte is copied. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { assertOwn } from "./access.ts";
import { type Checksum, checksumOfParts, headerOf } from "./checksum.ts";
import { withConditionalWrite } from "./conditions.ts";
import { type ObjectContext, parameter, readText, respondXml } from "./context.ts";
import { deleteAfterCommit } from "./deletions.ts";
import { S3Error } from "./errors.ts";
import { MAX_PARTS, noSuchUpload, removeParts } from "./multipart.ts";
import { putObjectRow } from "./objects.ts";
import type { PartRow, UploadRow } from "./rows.ts";
import { type CompletedRow, partName, type Transaction, uploadName } from "./store.ts";
import { parseDocument } from "./xml.ts";

/** The minimum of every part but the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** 10,000 parts with ETag and checksum take about 2 MB. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

const Part = z
  .object({ PartNumber: z.string().regex(/^\s*\d{1,5}\s*$/), ETag: z.string() })
  .loose();
const Document = z.object({ Part: z.array(Part).min(1).max(MAX_PARTS) });
type Listed = z.infer<typeof Part>;

export function completeUpload(context: ObjectContext): Promise<void> {
  return withConditionalWrite(context, (assertNoConflict) => complete(context, assertNoConflict));
}

async function complete(context: ObjectContext, assertNoConflict: () => void): Promise<void> {
  const { bucket, key, store } = context;
  const text = (await readText(context, MAX_DOCUMENT_BYTES)).toString("utf8");
  const document = Document.safeParse(parseDocument(text, "CompleteMultipartUpload"));
  if (!document.success) {
    throw new S3Error("MalformedXML", "The list must hold 1 to 10,000 parts with number and ETag.");
  }
  const listed = document.data.Part;
  assertOrder(listed);
  const { etag, checksum } = await store.commit((transaction) =>
    completeRow(context, transaction, listed, assertNoConflict),
  );
  respondXml(context, "CompleteMultipartUploadResult", {
    Location: `http://${context.request.headers.host ?? ""}/${bucket.name}/${encodeURIComponent(key)}`,
    Bucket: bucket.name,
    Key: key,
    ETag: `"${etag}"`,
    ...(checksum && {
      [`Checksum${checksum.algorithm}`]: checksum.value,
      ChecksumType: checksum.type,
    }),
  });
}

/** Replaces the upload and its parts with the object's row, inside a commit. */
async function completeRow(
  context: ObjectContext,
  transaction: Transaction,
  listed: Listed[],
  assertNoConflict: () => void,
): Promise<CompletedRow> {
  const { key, store, blobs, query } = context;
  const bucket = context.bucket.name;
  const id = query.get("uploadId") ?? "";
  const name = uploadName(bucket, key, id);
  const upload = await transaction.get("upload", name);
  const completed = upload ? undefined : await transaction.get("done", id);
  // The response may have been lost: a repeated request gets the same response.
  if (completed && completed.bucket === bucket && completed.key === key) return completed;
  if (!upload) throw noSuchUpload(id);
  assertOwn(context, upload);
  assertNoConflict();
  const parts = await readListedParts(transaction, id, listed, upload);
  const checksum = readChecksum(context, upload, parts);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  assertSize(context, sizeBytes);
  const pieces = parts
    .filter((part) => part.sizeBytes > 0)
    .map(({ blob, sizeBytes, etag: md5 }) => ({ blob, sizeBytes, md5 }));
  const { headers } = upload;
  const object = { sizeBytes, etag: etagOf(parts), checksum, pieces, headers };
  const { etag } = await putObjectRow(
    context,
    transaction,
    "ObjectCreated:CompleteMultipartUpload",
    { ...object, multipart: true },
  );
  transaction.remove("upload", name);
  const used = new Set(pieces.map(({ blob }) => blob));
  const removed = await removeParts(store, transaction, id);
  const unused = removed.filter((blob) => !used.has(blob));
  deleteAfterCommit(transaction, blobs, unused);
  const row = { bucket, key, etag, checksum, completed: Date.now() };
  transaction.put("done", id, row);
  return row;
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

/** The rows of the listed parts. @throws S3Error InvalidPart, EntityTooSmall */
async function readListedParts(
  transaction: Transaction,
  id: string,
  listed: Listed[],
  upload: UploadRow,
): Promise<PartRow[]> {
  const parts: PartRow[] = [];
  for (const part of listed) {
    const row = await transaction.get("part", partName(id, Number(part.PartNumber)));
    const etag = part.ETag.trim().replace(/^"|"$/g, "");
    const declared = upload.checksum && part[`Checksum${upload.checksum.algorithm}`];
    if (!row || row.etag !== etag || (declared !== undefined && declared !== row.checksum)) {
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

/** @throws S3Error BadDigest if the request declares another checksum of the whole object */
function readChecksum(
  context: ObjectContext,
  upload: UploadRow,
  parts: PartRow[],
): Checksum | undefined {
  if (!upload.checksum) return undefined;
  const { algorithm, type } = upload.checksum;
  const values = parts.map(({ checksum, sizeBytes }) => ({ value: checksum ?? "", sizeBytes }));
  const checksum = checksumOfParts(algorithm, type, values);
  const declaredType = parameter(context, "x-amz-checksum-type");
  if (declaredType !== undefined && declaredType.toUpperCase() !== type) {
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const declared = parameter(context, headerOf(algorithm));
  if (declared !== undefined && declared !== checksum.value) {
    throw new S3Error(
      "BadDigest",
      `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
  return checksum;
}

function assertSize(context: ObjectContext, sizeBytes: number): void {
  const declared = parameter(context, "x-amz-mp-object-size");
  if (declared !== undefined && declared !== String(sizeBytes)) {
    throw new S3Error(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${declared} does not match what was computed: ${sizeBytes}`,
    );
  }
}
