/** DeleteObject and DeleteObjects. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { ALGORITHMS, createHasher, headerOf } from "./checksum.ts";
import { checkWriteConditions } from "./conditions.ts";
import {
  type BucketContext,
  type ObjectContext,
  parameter,
  readText,
  respond,
  respondXml,
} from "./context.ts";
import { blobsOf, deleteAfterCommit } from "./deletions.ts";
import { notImplemented, S3Error } from "./errors.ts";
import { objectName, type Transaction } from "./store.ts";
import { parseDocument } from "./xml.ts";

/** 1,000 keys of 1,024 bytes fit, even if every character is percent-encoded. */
const MAX_DELETE_BYTES = 4 * 1024 * 1024;

async function removeObjectRow(context: BucketContext, transaction: Transaction, key: string) {
  const bucket = context.bucket.name;
  const name = objectName(bucket, key);
  const row = await transaction.get("object", name);
  if (!row) return;
  transaction.remove("object", name);
  const sequencer = transaction.nextSequence();
  transaction.afterCommit(() => context.conditionalWrites.onDelete(name));
  context.notifications.add(transaction, { name: "ObjectRemoved:Delete", bucket, key, sequencer });
  deleteAfterCommit(transaction, context.blobs, blobsOf(row));
}

/** Succeeds if the object does not exist, as on S3. */
export async function deleteObject(context: ObjectContext): Promise<void> {
  const { store, bucket, key } = context;
  await store.commit(async (transaction) => {
    if (parameter(context, "if-match") !== undefined) {
      const row = await transaction.get("object", objectName(bucket.name, key));
      checkWriteConditions(context, key, row);
    }
    await removeObjectRow(context, transaction, key);
  });
  respond(context, 204);
}

const DeleteEntry = z.object({
  Key: z.string().min(1),
  VersionId: z.string().optional(),
  ETag: z.string().optional(),
});
const Delete = z.object({
  Quiet: z.string().optional(),
  Object: z.array(DeleteEntry).min(1).max(1000),
});

export async function deleteObjects(context: BucketContext): Promise<void> {
  const body = await readText(context, MAX_DELETE_BYTES);
  await checkDigest(context, body);
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
  await context.store.commit(async (transaction) => {
    for (const { Key } of objects) await removeObjectRow(context, transaction, Key);
  });
  const deleted = Quiet?.trim() === "true" ? [] : objects.map(({ Key }) => ({ Key }));
  respondXml(context, "DeleteResult", { Deleted: deleted });
}

/** DeleteObjects requires a digest of its list, because a truncated list would delete the wrong objects. */
async function checkDigest(context: BucketContext, body: Buffer): Promise<void> {
  const md5 = parameter(context, "content-md5");
  const algorithm = ALGORITHMS.find((is) => parameter(context, headerOf(is)) !== undefined);
  if (md5 === undefined && !algorithm) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: Content-MD5");
  }
  const hasher = algorithm && (await createHasher(algorithm));
  hasher?.update(body);
  const isWrong =
    (md5 !== undefined && md5 !== createHash("md5").update(body).digest("base64")) ||
    (algorithm && hasher?.digest() !== parameter(context, headerOf(algorithm)));
  if (isWrong) {
    throw new S3Error("BadDigest", "The digest you specified did not match what we received.");
  }
}
