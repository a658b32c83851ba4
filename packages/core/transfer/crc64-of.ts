import { createCrc64 } from "./crc64.ts";

/** A read of a megabyte costs little more than its bytes, and an abort waits for one read at most. */
const SLICE_BYTES = 1024 ** 2;

/**
 * Base64 of the file's CRC-64/NVME, as S3's `x-amz-checksum-crc64nvme`. Rejects if the file cannot be read, and with the
 * signal's reason.
 */
export async function crc64Of(file: Blob, signal?: AbortSignal): Promise<string> {
  const hasher = createCrc64();
  for (let start = 0; start < file.size; start += SLICE_BYTES) {
    signal?.throwIfAborted();
    const slice = file.slice(start, start + SLICE_BYTES);
    hasher.update(new Uint8Array(await slice.arrayBuffer()));
  }
  return hasher.digest();
}
