/** CreateMultipartUpload, UploadPart and AbortMultipartUpload. complete.ts has CompleteMultipartUpload. */
import { randomBytes } from "node:crypto";
import { assertOwn } from "./access.ts";
import { type ReceivedBody, receiveBody } from "./body.ts";
import { type Algorithm, algorithmOf, type ChecksumType, headerOf, isCrc } from "./checksum.ts";
import {
  integer,
  type ObjectContext,
  parameter,
  respond,
  respondXml,
  type Services,
} from "./context.ts";
import { deleteAfterCommit } from "./deletions.ts";
import { S3Error } from "./errors.ts";
import { rejectUnsupportedHeaders, storedHeaders } from "./headers.ts";
import type { PartRow, UploadRow } from "./rows.ts";
import { partSidecar, writeSidecarAfterCommit } from "./sidecar.ts";
import { partName, type Store, type Transaction, uploadName } from "./store.ts";

export const MAX_PARTS = 10_000;

export async function createUpload(context: ObjectContext): Promise<void> {
  rejectUnsupportedHeaders(context);
  const { bucket, key, store } = context;
  const checksum = requestedChecksum(context);
  // The ids of one key sort by time, the order in which ListMultipartUploads lists them.
  const time = Date.now().toString(16).padStart(12, "0");
  const id = `${time}${randomBytes(16).toString("hex")}`;
  const row: UploadRow = {
    bucket: bucket.name,
    key,
    initiated: Date.now(),
    headers: storedHeaders(context),
    checksum,
    ownerId: context.accessKey?.ownerId,
  };
  await store.commit(async (transaction) => {
    transaction.put("upload", uploadName(bucket.name, key, id), row);
  });
  const headers: Record<string, string> = checksum
    ? {
        "x-amz-checksum-algorithm": checksum.algorithm,
        "x-amz-checksum-type": checksum.type,
      }
    : {};
  const content = { Bucket: bucket.name, Key: key, UploadId: id };
  respondXml(context, "InitiateMultipartUploadResult", content, headers);
}

function requestedChecksum(
  context: ObjectContext,
): { algorithm: Algorithm; type: ChecksumType } | undefined {
  const declared = parameter(context, "x-amz-checksum-algorithm");
  const type = parameter(context, "x-amz-checksum-type")?.toUpperCase();
  if (declared === undefined) {
    if (type === undefined) return undefined;
    throw new S3Error(
      "InvalidRequest",
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  const algorithm = algorithmOf(declared);
  const isNvme = algorithm === "CRC64NVME";
  const chosen = type ?? (isNvme ? "FULL_OBJECT" : "COMPOSITE");
  if (
    (chosen !== "COMPOSITE" && chosen !== "FULL_OBJECT") ||
    (chosen === "COMPOSITE" && isNvme) ||
    (chosen === "FULL_OBJECT" && !isCrc(algorithm))
  ) {
    throw new S3Error(
      "InvalidRequest",
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen };
}

export const noSuchUpload = (id: string) =>
  new S3Error(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { UploadId: id },
  );

/** The upload of this bucket, key and id. @throws S3Error NoSuchUpload */
export async function findUpload(
  context: ObjectContext,
  source: Pick<Transaction, "get">,
): Promise<{ id: string; name: string; row: UploadRow }> {
  const id = context.query.get("uploadId") ?? "";
  const name = uploadName(context.bucket.name, context.key, id);
  const row = await source.get("upload", name);
  if (!row) throw noSuchUpload(id);
  assertOwn(context, row);
  return { id, name, row };
}

export async function uploadPart(context: ObjectContext): Promise<void> {
  rejectUnsupportedHeaders(context);
  const number = partNumber(context);
  const { row: upload } = await findUpload(context, context.store);
  const received = await receiveBody(context, upload.checksum?.algorithm);
  const { etag } = await putPart(context, number, received);
  const { checksum } = received;
  respond(context, 200, {
    etag: `"${etag}"`,
    ...(checksum && { [headerOf(checksum.algorithm)]: checksum.value }),
  });
}

/** The number of a part in the query. @throws S3Error InvalidArgument */
export const partNumber = (context: ObjectContext) =>
  integer(context, "partNumber", { min: 1, max: MAX_PARTS });

/** Adds or replaces a part of the upload. Removes its blob if that fails. */
export async function putPart(
  context: ObjectContext,
  number: number,
  { sizeBytes, etag, checksum, extent, discard }: ReceivedBody,
): Promise<PartRow> {
  const { store, blobs } = context;
  try {
    return await store.commit(async (transaction) => {
      // The upload may have been completed or aborted while the bytes arrived.
      const { id, row: upload } = await findUpload(context, transaction);
      if (upload.checksum && checksum?.algorithm !== upload.checksum.algorithm) {
        throw new S3Error(
          "InvalidRequest",
          `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase()}`,
        );
      }
      const before = await transaction.get("part", partName(id, number));
      const part: PartRow = {
        number,
        etag,
        sizeBytes,
        blob: extent?.blob ?? "",
        modified: Date.now(),
        checksum: upload.checksum && checksum?.value,
      };
      transaction.put("part", partName(id, number), part);
      writeSidecarAfterCommit(transaction, blobs, partSidecar(id, upload, part));
      if (before?.blob) deleteAfterCommit(transaction, blobs, [before.blob]);
      return part;
    });
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Removes an upload with its parts. The lifecycle uses it too. */
export async function abort(
  { store, blobs }: Pick<Services, "store" | "blobs">,
  name: string,
  id: string,
): Promise<void> {
  await store.commit(async (transaction) => {
    if (!(await transaction.get("upload", name))) throw noSuchUpload(id);
    transaction.remove("upload", name);
    const removed = await removeParts(store, transaction, id);
    deleteAfterCommit(transaction, blobs, removed);
  });
}

/** Removes the rows of an upload's parts inside a commit. Returns their blobs. */
export async function removeParts(
  store: Store,
  transaction: Transaction,
  id: string,
): Promise<string[]> {
  const blobs: string[] = [];
  for await (const [name] of store.scan("part", `${id}\0`)) {
    const row = await transaction.get("part", name);
    transaction.remove("part", name);
    if (row?.blob) blobs.push(row.blob);
  }
  return blobs;
}

export async function abortUpload(context: ObjectContext): Promise<void> {
  const { id, name } = await findUpload(context, context.store);
  await abort(context, name, id);
  respond(context, 204);
}
