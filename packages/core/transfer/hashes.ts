import { combine } from "./crc-combine.ts";
import type { Part } from "./part.ts";
import { UploadError } from "./upload-error.ts";

/** The checksums of the parts of one file. Each part is read once. */
export interface Hashes {
  has(part: Part): boolean;
  /** Rejects with the problem `unreadable` if the file has changed since it was chosen. */
  of(part: Part): Promise<string>;
  /** The checksum of the whole file, from those of all its parts. */
  whole(parts: readonly Part[]): Promise<string>;
}

/**
 * @param whole the checksum of the file, if it is known.
 * @param checksums those that an earlier run has computed, by the start of the part. New ones are added.
 */
export function createHashes(options: {
  file: Blob;
  hash(bytes: Blob): Promise<string>;
  signal: AbortSignal;
  whole?: string | undefined;
  checksums?: Map<number, string> | undefined;
}): Hashes {
  const { file, signal, whole, checksums = new Map<number, string>() } = options;
  const known = new Map<number, Promise<string>>();

  async function read({ start, end }: Part): Promise<string> {
    const isWhole = start === 0 && end === file.size;
    if (isWhole && whole !== undefined) return whole;
    const before = checksums.get(start);
    if (before !== undefined) return before;
    try {
      const checksum = await options.hash(isWhole ? file : file.slice(start, end));
      checksums.set(start, checksum);
      return checksum;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UploadError) throw error;
      throw new UploadError({ type: "fail", problem: { type: "unreadable" } });
    }
  }

  const of = (part: Part) => {
    const hashed = known.get(part.start) ?? read(part);
    known.set(part.start, hashed);
    return hashed;
  };
  return {
    has: (part) => known.has(part.start),
    of,
    async whole(parts) {
      const values = await Promise.all(parts.map(of));
      const sized = parts.map(({ start, end }, at) => ({
        value: values[at] ?? "",
        sizeBytes: end - start,
      }));
      return combine("CRC64NVME", sized);
    },
  };
}
