/** Multipart uploads: begun, filled with parts, given up. Complete stands in complete.ts. */
import { randomBytes } from "node:crypto";
import { receive } from "./body.ts";
import {
  type Algorithm,
  algorithmOf,
  type ChecksumType,
  checksumHeaders,
  headerOf,
  isCrc,
} from "./checksum.ts";
import { S3Error } from "./errors.ts";
import {
  integer,
  type ObjectExchange,
  parameter,
  reply,
  replyXml,
  type Services,
} from "./exchange.ts";
import { letGo } from "./gone.ts";
import { refuseUnsupported, storedHeaders } from "./headers.ts";
import { describe, partSidecar } from "./sidecar.ts";
import {
  type PartRow,
  partName,
  type Store,
  type Transaction,
  type UploadRow,
  uploadName,
} from "./store.ts";

export const MAX_PARTS = 10_000;

export async function createUpload(exchange: ObjectExchange): Promise<void> {
  refuseUnsupported(exchange);
  const { bucket, key, store } = exchange;
  const checksum = wantedChecksum(exchange);
  // Ids of one key sort by the time of their beginning, as ListMultipartUploads lists them.
  const time = Date.now().toString(16).padStart(12, "0");
  const id = `${time}${randomBytes(16).toString("hex")}`;
  const row: UploadRow = {
    bucket: bucket.name,
    key,
    initiated: Date.now(),
    headers: storedHeaders(exchange),
    checksum,
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
  replyXml(exchange, "InitiateMultipartUploadResult", content, headers);
}

function wantedChecksum(
  exchange: ObjectExchange,
): { algorithm: Algorithm; type: ChecksumType } | undefined {
  const stated = parameter(exchange, "x-amz-checksum-algorithm");
  const type = parameter(exchange, "x-amz-checksum-type")?.toUpperCase();
  if (stated === undefined) {
    if (type === undefined) return undefined;
    throw new S3Error(
      "InvalidRequest",
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  const algorithm = algorithmOf(stated);
  const nvme = algorithm === "CRC64NVME";
  const chosen = type ?? (nvme ? "FULL_OBJECT" : "COMPOSITE");
  if (
    (chosen !== "COMPOSITE" && chosen !== "FULL_OBJECT") ||
    (chosen === "COMPOSITE" && nvme) ||
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
export async function uploadOf(
  exchange: ObjectExchange,
  source: Pick<Transaction, "get">,
): Promise<{ id: string; name: string; row: UploadRow }> {
  const id = exchange.query.get("uploadId") ?? "";
  const name = uploadName(exchange.bucket.name, exchange.key, id);
  const row = await source.get("upload", name);
  if (!row) throw noSuchUpload(id);
  return { id, name, row };
}

export async function uploadPart(exchange: ObjectExchange): Promise<void> {
  refuseUnsupported(exchange);
  const { store, blobs } = exchange;
  const number = integer(exchange, "partNumber", { min: 1, max: MAX_PARTS });
  const { row: upload } = await uploadOf(exchange, store);
  const received = await receive(exchange, upload.checksum?.algorithm);
  const { sizeBytes, etag, checksum, piece, discard } = received;
  try {
    if (upload.checksum && checksum?.algorithm !== upload.checksum.algorithm) {
      throw new S3Error(
        "InvalidRequest",
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase()}`,
      );
    }
    await store.commit(async (transaction) => {
      // Asked again: the upload may have been completed or given up while the bytes came in.
      const { id } = await uploadOf(exchange, transaction);
      const before = await transaction.get("part", partName(id, number));
      const part: PartRow = {
        ...{ number, etag, sizeBytes, blob: piece?.blob ?? "", modified: Date.now() },
        ...(upload.checksum && checksum && { checksum: checksum.value }),
      };
      transaction.put("part", partName(id, number), part);
      describe(transaction, blobs, partSidecar(id, upload, part));
      if (before?.blob) letGo(transaction, blobs, [before.blob]);
    });
  } catch (error) {
    await discard();
    throw error;
  }
  const headers: Record<string, string> = checksum
    ? { [headerOf(checksum.algorithm)]: checksum.value }
    : checksumHeaders(undefined);
  reply(exchange, 200, { etag: `"${etag}"`, ...headers });
}

/** Removes an upload with its parts; shared with the lifecycle. */
export async function abort(
  { store, blobs }: Pick<Services, "store" | "blobs">,
  name: string,
  id: string,
): Promise<void> {
  await store.commit(async (transaction) => {
    if (!(await transaction.get("upload", name))) throw noSuchUpload(id);
    transaction.remove("upload", name);
    const gone = await removeParts(store, transaction, id);
    letGo(transaction, blobs, gone);
  });
}

/** Removes an upload's part rows inside a commit. Returns their blobs. */
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

export async function abortUpload(exchange: ObjectExchange): Promise<void> {
  const { id, name } = await uploadOf(exchange, exchange.store);
  await abort(exchange, name, id);
  reply(exchange, 204);
}
