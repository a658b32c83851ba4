/** Objects written, copied and deleted. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { parseCopySource } from "./address.ts";
import { receive } from "./body.ts";
import { ALGORITHMS, checksumHeaders, createHasher, headerOf } from "./checksum.ts";
import { checkCopySource, checkWrite, noSuchKey } from "./conditions.ts";
import { conditionally } from "./conflicts.ts";
import { notImplemented, S3Error } from "./errors.ts";
import {
  type BucketExchange,
  type ObjectExchange,
  parameter,
  readText,
  reply,
  replyXml,
} from "./exchange.ts";
import { blobsOf, letGo } from "./gone.ts";
import { refuseUnsupported, storedHeaders } from "./headers.ts";
import { assertWhole, locate } from "./read.ts";
import { describe, objectSidecar } from "./sidecar.ts";
import { type ObjectRow, objectName, type Transaction } from "./store.ts";
import { parseDocument } from "./xml.ts";

/** S3's limit for one CopyObject. */
const MAX_COPY_BYTES = 5 * 1024 ** 3;
/** 1,000 keys of 1,024 bytes, percent-encoded at worst, fit. */
const MAX_DELETE_BYTES = 4 * 1024 * 1024;

/** Writes an object's row in place of the one before, with its event, inside a commit. */
export async function writeRow(
  exchange: ObjectExchange,
  transaction: Transaction,
  name: "ObjectCreated:Put" | "ObjectCreated:Copy" | "ObjectCreated:CompleteMultipartUpload",
  row: Omit<ObjectRow, "modified" | "sequencer">,
): Promise<ObjectRow> {
  const { key, blobs, notifications } = exchange;
  const bucket = exchange.bucket.name;
  const before = await transaction.get("object", objectName(bucket, key));
  checkWrite(exchange, key, before);
  const written = { ...row, modified: Date.now(), sequencer: transaction.nextSequence() };
  transaction.put("object", objectName(bucket, key), written);
  const { sequencer, sizeBytes, etag } = written;
  if (eventsWanted(exchange)) {
    notifications.add(transaction, { name, bucket, key, sequencer, sizeBytes, etag });
  }
  describe(transaction, blobs, objectSidecar({ bucket, key }, written));
  if (before) letGo(transaction, blobs, blobsOf(before));
  return written;
}

/** `x-rushes-events: off` is this server's own extension: the object is stored without an event. */
function eventsWanted(exchange: ObjectExchange): boolean {
  const header = exchange.request.headers["x-rushes-events"];
  if (header === undefined) return true;
  const { by, signedHeaders } = exchange.verified;
  if (by !== "header" || !signedHeaders.has("x-rushes-events") || header !== "off") {
    throw new S3Error("AccessDenied", "x-rushes-events must be `off`, and signed in the header.");
  }
  return false;
}

export function putObject(exchange: ObjectExchange): Promise<void> {
  return conditionally(exchange, (assertUndisturbed) => receiveObject(exchange, assertUndisturbed));
}

async function receiveObject(exchange: ObjectExchange, assertUndisturbed: () => void) {
  refuseUnsupported(exchange);
  const { store, bucket, key } = exchange;
  eventsWanted(exchange);
  const headers = storedHeaders(exchange);
  // Refused before the bytes have travelled where that is possible; decided in the commit.
  checkWrite(exchange, key, await store.get("object", objectName(bucket.name, key)));
  const { sizeBytes, etag, checksum, piece, discard } = await receive(exchange);
  const pieces = piece ? [piece] : [];
  try {
    await store.commit((transaction) => {
      assertUndisturbed();
      return writeRow(exchange, transaction, "ObjectCreated:Put", {
        ...{ sizeBytes, etag, headers, checksum, pieces },
      });
    });
  } catch (error) {
    await discard();
    throw error;
  }
  reply(exchange, 200, { etag: `"${etag}"`, ...checksumHeaders(checksum) });
}

export async function copyObject(exchange: ObjectExchange): Promise<void> {
  refuseUnsupported(exchange);
  const { blobs, store, buckets } = exchange;
  const source = parseCopySource(parameter(exchange, "x-amz-copy-source") ?? "");
  if (!buckets.some(({ name }) => name === source.bucket)) {
    throw new S3Error("NoSuchBucket", "The specified bucket does not exist", {
      BucketName: source.bucket,
    });
  }
  const replace = directive(exchange);
  if (!replace && source.bucket === exchange.bucket.name && source.key === exchange.key) {
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
    );
  }
  const found = await locate(exchange, source.bucket, source.key);
  const copied: string[] = [];
  try {
    if (!found) throw noSuchKey(source.key);
    const { row } = found;
    checkCopySource(exchange, row);
    await assertWhole(exchange, source, row);
    if (row.sizeBytes > MAX_COPY_BYTES) {
      throw new S3Error(
        "InvalidRequest",
        "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
      );
    }
    const pieces = row.pieces.map((piece) => ({ ...piece, blob: blobs.newId() }));
    for (const [at, piece] of pieces.entries()) {
      await blobs.copy(row.pieces[at]?.blob ?? "", piece.blob);
      copied.push(piece.blob);
    }
    const headers = replace ? storedHeaders(exchange) : row.headers;
    const written = await store.commit((transaction) =>
      writeRow(exchange, transaction, "ObjectCreated:Copy", { ...row, headers, pieces }),
    );
    replyXml(exchange, "CopyObjectResult", {
      LastModified: new Date(written.modified).toISOString(),
      ETag: `"${written.etag}"`,
    });
  } catch (error) {
    await blobs.remove(copied);
    throw error;
  } finally {
    found?.release();
  }
}

/** Whether the copy takes its metadata from the request. */
function directive(exchange: ObjectExchange): boolean {
  if (parameter(exchange, "x-amz-checksum-algorithm")) {
    throw notImplemented("x-amz-checksum-algorithm on a copy");
  }
  if ((parameter(exchange, "x-amz-tagging-directive") ?? "COPY") !== "COPY") {
    throw notImplemented("x-amz-tagging-directive");
  }
  const metadata = parameter(exchange, "x-amz-metadata-directive") ?? "COPY";
  if (metadata !== "COPY" && metadata !== "REPLACE") {
    throw new S3Error("InvalidArgument", "Unknown metadata directive.", {
      ArgumentValue: metadata,
    });
  }
  return metadata === "REPLACE";
}

async function removeRow(exchange: BucketExchange, transaction: Transaction, key: string) {
  const bucket = exchange.bucket.name;
  const row = await transaction.get("object", objectName(bucket, key));
  if (!row) return;
  transaction.remove("object", objectName(bucket, key));
  const sequencer = transaction.nextSequence();
  transaction.afterCommit(() => exchange.conflicts.deleted(objectName(bucket, key)));
  exchange.notifications.add(transaction, { name: "ObjectRemoved:Delete", bucket, key, sequencer });
  letGo(transaction, exchange.blobs, blobsOf(row));
}

/** Deleting what is not there is a success, as on S3. */
export async function deleteObject(exchange: ObjectExchange): Promise<void> {
  const { store, bucket, key } = exchange;
  await store.commit(async (transaction) => {
    if (parameter(exchange, "if-match") !== undefined) {
      checkWrite(exchange, key, await transaction.get("object", objectName(bucket.name, key)));
    }
    await removeRow(exchange, transaction, key);
  });
  reply(exchange, 204);
}

const Delete = z.object({
  Quiet: z.string().optional(),
  Object: z
    .array(
      z.object({
        Key: z.string().min(1),
        VersionId: z.string().optional(),
        ETag: z.string().optional(),
      }),
    )
    .min(1)
    .max(1000),
});

export async function deleteObjects(exchange: BucketExchange): Promise<void> {
  const body = await readText(exchange, MAX_DELETE_BYTES);
  await assertSmallBody(exchange, body);
  const parsed = Delete.safeParse(parseDocument(body.toString("utf8"), "Delete"));
  if (!parsed.success) {
    throw new S3Error("MalformedXML", "Delete must list 1 to 1,000 objects, each with a key.");
  }
  const { Object: objects, Quiet } = parsed.data;
  if (
    objects.some(({ VersionId, ETag }) => (VersionId ?? "null") !== "null" || ETag !== undefined)
  ) {
    throw notImplemented("DeleteObjects of a version or on a condition");
  }
  await exchange.store.commit(async (transaction) => {
    for (const { Key } of objects) await removeRow(exchange, transaction, Key);
  });
  const deleted = Quiet?.trim() === "true" ? [] : objects.map(({ Key }) => ({ Key }));
  replyXml(exchange, "DeleteResult", { Deleted: deleted });
}

/** DeleteObjects must carry a digest of its list, because a list cut short would delete the wrong ones. */
async function assertSmallBody(exchange: BucketExchange, body: Buffer): Promise<void> {
  const { payloadHash } = exchange.verified;
  if (/^[0-9a-f]{64}$/.test(payloadHash)) {
    const hash = createHash("sha256").update(body).digest("hex");
    if (hash !== payloadHash) {
      throw new S3Error(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
  } else if (payloadHash !== "UNSIGNED-PAYLOAD") throw notImplemented(payloadHash);
  const md5 = parameter(exchange, "content-md5");
  const algorithm = ALGORITHMS.find((is) => parameter(exchange, headerOf(is)) !== undefined);
  if (md5 === undefined && !algorithm) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: Content-MD5");
  }
  const hasher = algorithm && (await createHasher(algorithm));
  hasher?.update(body);
  const wrong =
    (md5 !== undefined && md5 !== createHash("md5").update(body).digest("base64")) ||
    (algorithm && hasher?.digest() !== parameter(exchange, headerOf(algorithm)));
  if (wrong) {
    throw new S3Error("BadDigest", "The digest you specified did not match what we received.");
  }
}
