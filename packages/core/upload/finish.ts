import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type HeadObjectCommandOutput,
  paginateListParts,
} from "@aws-sdk/client-s3";
import { VisibleError } from "../error.ts";
import { bareEtag } from "../source/object.ts";
import { headOf, isMissing, s3, statusOf } from "../storage.ts";
import { partSize } from "./plan.ts";
import type { Row } from "./row.ts";
import type { Part } from "./schema.ts";

/** The parts that S3 has. Undefined if the multipart upload has ended. */
export async function receivedParts(row: Row): Promise<Part[] | undefined> {
  if (row.multipartId === undefined) return undefined;
  const place = { Bucket: row.bucket, Key: row.key, UploadId: row.multipartId };
  const found: Part[] = [];
  try {
    for await (const page of paginateListParts({ client: s3 }, place)) {
      for (const { PartNumber, ETag, Size, ChecksumCRC64NVME: crc64nvme } of page.Parts ?? []) {
        if (PartNumber === undefined || ETag === undefined) continue;
        found.push({ partNumber: PartNumber, etag: ETag, sizeBytes: Size ?? 0, crc64nvme });
      }
    }
    return found;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Throws `upload.incomplete` unless S3 has every part of the plan with its full size. */
export function assertWhole(row: Row, found: Part[]): void {
  const { plan } = row;
  if (plan.kind === "single") return;
  const sizes = new Map(found.map((part) => [part.partNumber, part.sizeBytes]));
  let missing = 0;
  for (let number = 1; number <= plan.partCount; number += 1) {
    if (sizes.get(number) !== partSize(plan, row.sizeBytes, number)) missing += 1;
  }
  if (missing > 0) throw incomplete(`${missing} of ${plan.partCount} parts are missing.`);
}

/**
 * Completes the multipart upload. S3 rejects it if the total size is not the agreed one, if the checksum of the whole is
 * not `crc64nvme`, and if the key already has an object, so that another tool's object is not replaced. Throws
 * `upload.checksum` for such an object.
 */
export async function assemble(row: Row, found: Part[], crc64nvme?: string): Promise<void> {
  try {
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: row.bucket,
        Key: row.key,
        UploadId: row.multipartId,
        MpuObjectSize: row.sizeBytes,
        ChecksumType: "FULL_OBJECT",
        ChecksumCRC64NVME: crc64nvme,
        IfNoneMatch: "*",
        MultipartUpload: {
          Parts: found.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })),
        },
      }),
    );
  } catch (error) {
    // A part was sent again during the listing, or a part is not the caller's. Of two simultaneous calls, the other one
    // has completed it.
    if (statusOf(error) === 400) throw incomplete("A part has changed. Try again.");
    // The key was deleted while S3 assembled the parts. If the parts are gone, the upload must start again.
    if (statusOf(error) === 409)
      throw incomplete("Another request changed this upload at the same time. Try again.");
    const exists = statusOf(error) === 412;
    if (!exists && !isMissing(error)) throw error;
    if (await isThere(row, found)) return;
    throw exists ? otherFile() : error;
  }
}

/** True if the bucket has the object with the agreed size and, if they are known, with these parts. */
export async function isThere(row: Row, parts?: Part[]): Promise<boolean> {
  const head = await headOf(row);
  return head?.ContentLength === row.sizeBytes && (!parts || hasParts(head, parts));
}

/** S3 derives the ETag of an object from those of its parts. With a key of KMS, no ETag depends on the bytes alone. */
function hasParts(head: HeadObjectCommandOutput, parts: Part[]): boolean {
  if (head.ServerSideEncryption?.startsWith("aws:kms")) return true;
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(bareEtag(etag), "hex");
  return bareEtag(head.ETag ?? "") === `${hash.digest("hex")}-${parts.length}`;
}

/**
 * Throws `upload.checksum` if the object has other bytes than the caller's, which its size alone does not show. Does
 * nothing if there is no object, or if it has no checksum (S3 stores one with every object since December 2024).
 */
export async function assertSame(row: Row, crc64nvme: string): Promise<void> {
  const head = await headOf(row, "ENABLED");
  if (!head) return;
  // If this checksum is missing but there is a type, another algorithm was used, so not the signed request.
  const { ChecksumCRC64NVME: stored, ChecksumType: type } = head;
  if (stored === undefined ? type !== undefined : stored !== crc64nvme) throw otherFile();
}

/** Deletes the parts in S3. Does nothing if there are none. */
export async function abort(row: Row): Promise<void> {
  if (row.multipartId === undefined) return;
  try {
    await s3.send(
      new AbortMultipartUploadCommand({
        Bucket: row.bucket,
        Key: row.key,
        UploadId: row.multipartId,
      }),
    );
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function otherFile(): VisibleError {
  return new VisibleError(
    "conflict",
    "upload.checksum",
    "The bucket has a different file at this upload's key. Start a new upload.",
  );
}

export function incomplete(message: string): VisibleError {
  return new VisibleError("conflict", "upload.incomplete", message);
}
