/** PutObject and CopyObject, and the write of an object's row that they share with CompleteMultipartUpload. */
import { assertOwn } from "./access.ts";
import { receiveBody } from "./body.ts";
import { checksumHeaders } from "./checksum.ts";
import {
  checkCopyConditions,
  checkWriteConditions,
  noSuchKey,
  withConditionalWrite,
} from "./conditions.ts";
import { type ObjectContext, parameter, respond, respondXml } from "./context.ts";
import { assertCopySize, copySource } from "./copy-source.ts";
import { blobsOf, deleteAfterCommit } from "./deletions.ts";
import { notImplemented, S3Error } from "./errors.ts";
import { rejectUnsupportedHeaders, storedHeaders } from "./headers.ts";
import { assertIntact, pinObject } from "./read.ts";
import type { ObjectRow } from "./rows.ts";
import { objectSidecar, writeSidecarAfterCommit } from "./sidecar.ts";
import { objectName, type Transaction } from "./store.ts";

/** Replaces an object's row and adds its event, inside a commit. */
export async function putObjectRow(
  context: ObjectContext,
  transaction: Transaction,
  name: "ObjectCreated:Put" | "ObjectCreated:Copy" | "ObjectCreated:CompleteMultipartUpload",
  row: Omit<ObjectRow, "modified" | "sequencer" | "ownerId">,
): Promise<ObjectRow> {
  const { key, blobs, notifications } = context;
  const bucket = context.bucket.name;
  const before = await transaction.get("object", objectName(bucket, key));
  assertOwn(context, before);
  checkWriteConditions(context, key, before);
  const ownerId = context.accessKey?.ownerId;
  const modified = Date.now();
  const written = { ...row, ownerId, modified, sequencer: transaction.nextSequence() };
  transaction.put("object", objectName(bucket, key), written);
  const { sequencer, sizeBytes, etag } = written;
  if (wantsEvent(context)) {
    notifications.add(transaction, { name, bucket, key, sequencer, sizeBytes, etag, ownerId });
  }
  writeSidecarAfterCommit(transaction, blobs, objectSidecar({ bucket, key }, written));
  if (before) deleteAfterCommit(transaction, blobs, blobsOf(before));
  return written;
}

/** `x-rushes-events: off` is this server's own extension: it stores the object without an event. */
function wantsEvent(context: ObjectContext): boolean {
  const header = context.request.headers["x-rushes-events"];
  if (header === undefined) return true;
  const { by, signedHeaders } = context.verified;
  if (by !== "header" || !signedHeaders.has("x-rushes-events") || header !== "off") {
    throw new S3Error("AccessDenied", "x-rushes-events must be `off`, and signed in the header.");
  }
  return false;
}

export function putObject(context: ObjectContext): Promise<void> {
  return withConditionalWrite(context, (assertNoConflict) => put(context, assertNoConflict));
}

async function put(context: ObjectContext, assertNoConflict: () => void): Promise<void> {
  rejectUnsupportedHeaders(context);
  const { store, bucket, key } = context;
  wantsEvent(context);
  const headers = storedHeaders(context);
  // Rejects before the bytes are sent, if possible. The commit checks the conditions again.
  const before = await store.get("object", objectName(bucket.name, key));
  assertOwn(context, before);
  checkWriteConditions(context, key, before);
  const { sizeBytes, etag, checksum, extent, discard } = await receiveBody(context);
  const pieces = extent ? [extent] : [];
  try {
    await store.commit((transaction) => {
      assertNoConflict();
      const row = { sizeBytes, etag, headers, checksum, pieces };
      return putObjectRow(context, transaction, "ObjectCreated:Put", row);
    });
  } catch (error) {
    await discard();
    throw error;
  }
  respond(context, 200, { etag: `"${etag}"`, ...checksumHeaders(checksum) });
}

export async function copyObject(context: ObjectContext): Promise<void> {
  rejectUnsupportedHeaders(context);
  if (parameter(context, "x-amz-copy-source-range") !== undefined) {
    throw notImplemented("x-amz-copy-source-range without a part");
  }
  const source = copySource(context);
  const replacesMetadata = readDirectives(context);
  const isSelf = source.bucket === context.bucket.name && source.key === context.key;
  if (!replacesMetadata && isSelf) {
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
    );
  }
  const pinned = await pinObject(context, source.bucket, source.key);
  try {
    if (!pinned) throw noSuchKey(source.key);
    const { row } = pinned;
    assertOwn(context, row);
    checkCopyConditions(context, row);
    await assertIntact(context, source, row);
    assertCopySize(row.sizeBytes);
    const headers = replacesMetadata ? storedHeaders(context) : row.headers;
    const { modified, etag } = await copyRow(context, row, headers);
    const LastModified = new Date(modified).toISOString();
    respondXml(context, "CopyObjectResult", { LastModified, ETag: `"${etag}"` });
  } finally {
    pinned?.release();
  }
}

/** Whether the copy takes its metadata from the request. */
function readDirectives(context: ObjectContext): boolean {
  if (parameter(context, "x-amz-checksum-algorithm")) {
    throw notImplemented("x-amz-checksum-algorithm on a copy");
  }
  if ((parameter(context, "x-amz-tagging-directive") ?? "COPY") !== "COPY") {
    throw notImplemented("x-amz-tagging-directive");
  }
  const metadata = parameter(context, "x-amz-metadata-directive") ?? "COPY";
  if (metadata !== "COPY" && metadata !== "REPLACE") {
    throw new S3Error("InvalidArgument", "Unknown metadata directive.", {
      ArgumentValue: metadata,
    });
  }
  return metadata === "REPLACE";
}

async function copyRow(
  context: ObjectContext,
  row: ObjectRow,
  headers: ObjectRow["headers"],
): Promise<ObjectRow> {
  const { blobs, store } = context;
  const copied: string[] = [];
  try {
    const pieces = row.pieces.map((extent) => ({ ...extent, blob: blobs.newId() }));
    for (const [at, extent] of pieces.entries()) {
      await blobs.copy(row.pieces[at]?.blob ?? "", extent.blob);
      copied.push(extent.blob);
    }
    return await store.commit((transaction) =>
      putObjectRow(context, transaction, "ObjectCreated:Copy", { ...row, headers, pieces }),
    );
  } catch (error) {
    await blobs.remove(copied);
    throw error;
  }
}
