import { combine } from "./crc-combine.ts";
import type { Part } from "./part.ts";
import { UploadError } from "./upload-error.ts";

/**
 * Checksums of parts by the start of the part, or of parts that are being read. Undefined if the part could not be read:
 * then it is read again.
 */
export type Checksums = Map<number, string | Promise<string | undefined>>;

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
 * @param checksums those of an earlier run, or of before this one. New ones are added.
 */
export function createHashes(options: {
  file: Blob;
  hash(bytes: Blob): Promise<string>;
  signal: AbortSignal;
  whole?: string | undefined;
  checksums?: Checksums | undefined;
}): Hashes {
  const { file, signal, whole, checksums = new Map() } = options;
  const known = new Map<number, Promise<string>>();

  async function read({ start, end }: Part): Promise<string> {
    const isWhole = start === 0 && end === file.size;
    if (isWhole && whole !== undefined) return whole;
    try {
      const before = await checksums.get(start);
      if (before !== undefined) return before;
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
