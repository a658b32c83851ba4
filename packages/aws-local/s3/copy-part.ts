/** UploadPartCopy: a part whose bytes are those of an object. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { assertOwn } from "./access.ts";
import type { BlobFile } from "./blobs.ts";
import { checksumOf, type ReceivedBody, storeBlob } from "./body.ts";
import { type Algorithm, createHasher } from "./checksum.ts";
import { checkCopyConditions, noSuchKey } from "./conditions.ts";
import { type ObjectContext, parameter, respondXml } from "./context.ts";
import { assertCopySize, copySource } from "./copy-source.ts";
import { S3Error } from "./errors.ts";
import { rejectUnsupportedHeaders } from "./headers.ts";
import { findUpload, partNumber, putPart } from "./multipart.ts";
import { type Range, slicesOf } from "./range.ts";
import { assertIntact, filesOf, pinObject, wholeRange } from "./read.ts";
import type { ObjectRow } from "./rows.ts";

const READ_BYTES = 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export async function copyPart(context: ObjectContext): Promise<void> {
  rejectUnsupportedHeaders(context);
  const number = partNumber(context);
  const { row: upload } = await findUpload(context, context.store);
  const source = copySource(context);
  const pinned = await pinObject(context, source.bucket, source.key);
  try {
    if (!pinned) throw noSuchKey(source.key);
    const { row } = pinned;
    assertOwn(context, row);
    checkCopyConditions(context, row);
    const range = rangeOf(context, row);
    await assertIntact(context, source, row, range);
    const received = await copyBytes(context, row, range, upload.checksum?.algorithm);
    const part = await putPart(context, number, received);
    respondXml(context, "CopyPartResult", {
      LastModified: new Date(part.modified).toISOString(),
      ETag: `"${part.etag}"`,
      ...(upload.checksum && { [`Checksum${upload.checksum.algorithm}`]: part.checksum }),
    });
  } finally {
    pinned?.release();
  }
}

/** @throws S3Error InvalidArgument if the range is malformed or outside of the object */
function rangeOf(context: ObjectContext, row: ObjectRow): Range {
  const header = parameter(context, "x-amz-copy-source-range");
  const range = header === undefined ? wholeRange(row) : parseCopyRange(header, row.sizeBytes);
  assertCopySize(range.end - range.start + 1);
  return range;
}

/** Unlike a Range header, this one has both ends, and both are inside the object. */
function parseCopyRange(header: string, sizeBytes: number): Range {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (start <= end && end < sizeBytes) return { start, end };
  throw new S3Error(
    "InvalidArgument",
    first === undefined
      ? "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy"
      : `Range specified is not valid for source object of size: ${sizeBytes}`,
    { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header },
  );
}

/** Writes the bytes into a blob of their own, because the part becomes an extent of another object. */
async function copyBytes(
  context: ObjectContext,
  row: ObjectRow,
  range: Range,
  algorithm: Algorithm | undefined,
): Promise<ReceivedBody> {
  const sizeBytes = range.end - range.start + 1;
  const md5 = createHash("md5");
  const hasher = algorithm && (await createHasher(algorithm));
  return storeBlob(context, sizeBytes, async (file) => {
    await writeRange(filesOf(context, row), range, file, (chunk) => {
      md5.update(chunk);
      hasher?.update(chunk);
    });
    const checksum = checksumOf(algorithm, hasher?.digest());
    return { sizeBytes, etag: md5.digest("hex"), checksum };
  });
}

async function writeRange(
  files: ReturnType<typeof filesOf>,
  range: Range,
  file: BlobFile,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  let position = 0;
  for (const { path, start, end } of slicesOf(files, range)) {
    for await (const chunk of createReadStream(path, { start, end, highWaterMark: READ_BYTES })) {
      onChunk(chunk);
      await file.write([chunk], chunk.length, position);
      position += chunk.length;
    }
  }
}
