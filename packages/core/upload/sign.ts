import { PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { VisibleError } from "../error.ts";
import { signer } from "../storage.ts";
import { partSize } from "./plan.ts";
import type { Row } from "./row.ts";
import type { PartToSign, SignedRequest } from "./schema.ts";

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

const CHECKSUM = "x-amz-checksum-crc64nvme";

const checksumHeader = (crc64nvme: string | undefined): Record<string, string> =>
  crc64nvme === undefined ? {} : { [CHECKSUM]: crc64nvme };

/**
 * The signed requests of these parts, or the single PUT with the checksum of the whole file. The exact length is signed,
 * so that nobody can send more than was agreed. Throws `upload.part_unknown`.
 */
export async function requests(
  row: Row,
  parts: PartToSign[],
  crc64nvme?: string,
): Promise<SignedRequest[]> {
  const { plan } = row;
  if (plan.kind === "single") return [await single(row, crc64nvme)];
  const unknown = parts.find(
    ({ partNumber: number }) => !Number.isInteger(number) || number < 1 || number > plan.partCount,
  );
  if (unknown !== undefined) {
    throw new VisibleError(
      "input",
      "upload.part_unknown",
      `Part ${unknown.partNumber} does not exist. This upload has ${plan.partCount} parts.`,
    );
  }
  return Promise.all(
    parts.map((part) => onePart(row, partSize(plan, row.sizeBytes, part.partNumber), part)),
  );
}

async function onePart(
  row: Row,
  sizeBytes: number,
  { partNumber, crc64nvme }: PartToSign,
): Promise<SignedRequest> {
  // Never ChecksumAlgorithm: without a value, the SDK signs the checksum of an empty body.
  const command = new UploadPartCommand({
    Bucket: row.bucket,
    Key: row.key,
    UploadId: row.multipartId,
    PartNumber: partNumber,
    ContentLength: sizeBytes,
    ChecksumCRC64NVME: crc64nvme,
  });
  const headers = checksumHeader(crc64nvme);
  const url = await getSignedUrl(signer(), command, signing(headers));
  return { partNumber, method: "PUT", url, headers, sizeBytes, expires: expires() };
}

/** Signs these headers, the length and the host. Browsers set the last two themselves; scripts cannot. */
function signing(headers: Record<string, string>) {
  return {
    expiresIn: EXPIRES_SECONDS,
    signableHeaders: new Set(["host", "content-length", ...Object.keys(headers)]),
    // The presigner would move it into the query, and S3 would not compare it with the bytes.
    unhoistableHeaders: new Set([CHECKSUM]),
  };
}

async function single(row: Row, crc64nvme: string | undefined): Promise<SignedRequest> {
  const command = new PutObjectCommand({
    Bucket: row.bucket,
    Key: row.key,
    ContentType: row.contentType,
    ContentLength: row.sizeBytes,
    IfNoneMatch: "*",
    ChecksumCRC64NVME: crc64nvme,
    ...STORED_HEADERS,
  });
  const headers = {
    "content-type": row.contentType,
    "cache-control": STORED_HEADERS.CacheControl,
    "content-disposition": STORED_HEADERS.ContentDisposition,
    // The URL is valid for an hour, longer than most uploads take. It must not replace a source that a job uses.
    "if-none-match": "*",
    ...checksumHeader(crc64nvme),
  };
  const url = await getSignedUrl(signer(), command, signing(headers));
  return { method: "PUT", url, headers, sizeBytes: row.sizeBytes, expires: expires() };
}

function expires(): string {
  return new Date(Date.now() + EXPIRES_SECONDS * 1000).toISOString();
}
