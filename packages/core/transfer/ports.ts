import type { Existing, SignedRequest, Info as Upload } from "../upload/schema.ts";
import type { HashedPart, StoredPart } from "./part.ts";

export interface NewUpload {
  name: string;
  sizeBytes: number;
  contentType: string;
  profile?: string | undefined;
  tags?: string[] | undefined;
  /** What identifies the same file later. */
  fingerprint?: string | undefined;
  /** Base64 of the file's CRC-64/NVME. */
  crc64nvme?: string | undefined;
  /** Whether to return the video that was made of this file, if there is one, instead of an upload. */
  onlyNew?: boolean | undefined;
}

/**
 * The part of the HTTP API that the engine uses. Every call rejects with an `UploadError`, or with the
 * signal's reason when it was aborted.
 */
export interface UploadApi {
  /**
   * One result per file, in the same order. At most 100 files. The same `idempotencyKey` returns the same
   * uploads, because a response may have been lost. A file with a checksum comes with its single PUT if its plan is one.
   */
  create(
    files: NewUpload[],
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<
    (
      | { upload: Upload; requests: SignedRequest[] }
      | { error: { code: string; message: string } }
      | { existing: Existing }
    )[]
  >;
  /** The uploads of this owner that are open, newest first. */
  openUploads(signal: AbortSignal): Promise<Upload[]>;
  /** Signs the parts, or the single PUT, with their checksums. */
  sign(id: string, parts: HashedPart[], signal: AbortSignal): Promise<SignedRequest[]>;
  parts(id: string, signal: AbortSignal): Promise<StoredPart[]>;
  /** @param crc64nvme of the file. Undefined if a single PUT has stored it, which S3 has compared with its checksum. */
  complete(id: string, crc64nvme: string | undefined, signal: AbortSignal): Promise<Upload>;
  fromId(id: string, signal: AbortSignal): Promise<Upload>;
  remove(id: string): Promise<void>;
}

/**
 * Base64 of the CRC-64/NVME of these bytes. Rejects with the outcome `retry` if it cannot hash now, with any other error
 * if the bytes cannot be read, and with the signal's reason when it was aborted.
 */
export type Hash = (bytes: Blob, signal: AbortSignal) => Promise<string>;

/** Sends one body with its signed request. Rejects with an `UploadError`, or the signal's reason. */
export type Put = (
  request: SignedRequest,
  body: Blob,
  options: { signal: AbortSignal; onProgress(sentBytes: number): void },
) => Promise<void>;
