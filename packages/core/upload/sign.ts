import { PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { VisibleError } from "../error.ts";
import { signer } from "../storage.ts";
import { partSize } from "./plan.ts";
import type { Row } from "./row.ts";
import type { SignedRequest } from "./schema.ts";

/** A role's credentials may expire earlier. Then S3 responds 403 and the browser requests another URL. */
const EXPIRES_SECONDS = 3600;

/**
 * Stored with every source. They are signed, so that the client can neither omit nor change them: a source that is
 * opened by its own URL is downloaded, never shown, and not stored in shared caches.
 */
export const STORED_HEADERS = {
  CacheControl: "private, no-store",
  ContentDisposition: "attachment",
} as const;

/**
 * The signed requests of these parts, or the single PUT. The exact length is signed, so that nobody can send more than
 * was agreed. Throws `upload.part_unknown`.
 */
export async function requests(row: Row, partNumbers: number[]): Promise<SignedRequest[]> {
  const { plan } = row;
  if (plan.kind === "single") return [await single(row)];
  const unknown = partNumbers.find(
    (number) => !Number.isInteger(number) || number < 1 || number > plan.partCount,
  );
  if (unknown !== undefined) {
    throw new VisibleError(
      "input",
      "upload.part_unknown",
      `Part ${unknown} does not exist. This upload has ${plan.partCount} parts.`,
    );
  }
  return Promise.all(
    partNumbers.map(async (partNumber) => {
      const sizeBytes = partSize(plan, row.sizeBytes, partNumber);
      const command = new UploadPartCommand({
        Bucket: row.bucket,
        Key: row.key,
        UploadId: row.multipartId,
        PartNumber: partNumber,
        ContentLength: sizeBytes,
      });
      const signableHeaders = new Set(["host", "content-length"]);
      const url = await getSignedUrl(signer(), command, {
        expiresIn: EXPIRES_SECONDS,
        signableHeaders,
      });
      return {
        partNumber,
        method: "PUT" as const,
        url,
        headers: {},
        sizeBytes,
        expires: expires(),
      };
    }),
  );
}

async function single(row: Row): Promise<SignedRequest> {
  const command = new PutObjectCommand({
    Bucket: row.bucket,
    Key: row.key,
    ContentType: row.contentType,
    ContentLength: row.sizeBytes,
    IfNoneMatch: "*",
    ...STORED_HEADERS,
  });
  const headers = {
    "content-type": row.contentType,
    "cache-control": STORED_HEADERS.CacheControl,
    "content-disposition": STORED_HEADERS.ContentDisposition,
    // The URL is valid for an hour, longer than most uploads take. It must not replace a source that a job uses.
    "if-none-match": "*",
  };
  const url = await getSignedUrl(signer(), command, {
    expiresIn: EXPIRES_SECONDS,
    // Browsers set Content-Length themselves; scripts cannot.
    signableHeaders: new Set(["host", "content-length", ...Object.keys(headers)]),
  });
  return { method: "PUT", url, headers, sizeBytes: row.sizeBytes, expires: expires() };
}

function expires(): string {
  return new Date(Date.now() + EXPIRES_SECONDS * 1000).toISOString();
}
