import type { SignedRequest, Info as Upload } from "../upload/schema.ts";

/**
 * The part of the HTTP API that the engine uses. Every call rejects with an `UploadError`, or with the
 * signal's reason when it was aborted.
 */
export interface UploadApi {
  /**
   * One result per file, in the same order. At most 100 files. The same `idempotencyKey` returns the same
   * uploads, because a response may have been lost.
   */
  create(
    files: {
      name: string;
      sizeBytes: number;
      contentType: string;
      profile?: string;
      tags?: string[];
    }[],
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<
    ({ upload: Upload; requests: SignedRequest[] } | { error: { code: string; message: string } })[]
  >;
  /** Signs the parts, or the single PUT when no part is named. */
  sign(
    id: string,
    partNumbers: number[] | undefined,
    signal: AbortSignal,
  ): Promise<SignedRequest[]>;
  parts(id: string, signal: AbortSignal): Promise<{ partNumber: number; sizeBytes: number }[]>;
  /** @param crc64nvme of the file, if the storage may have an object that is not this file. */
  complete(id: string, crc64nvme: string | undefined, signal: AbortSignal): Promise<Upload>;
  fromId(id: string, signal: AbortSignal): Promise<Upload>;
  remove(id: string): Promise<void>;
}

/** Sends one body with its signed request. Rejects with an `UploadError`, or the signal's reason. */
export type Put = (
  request: SignedRequest,
  body: Blob,
  options: { signal: AbortSignal; onProgress(sentBytes: number): void },
) => Promise<void>;
