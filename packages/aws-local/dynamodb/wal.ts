/**
 * SQLite's write-ahead log. At the first frame with a wrong checksum, SQLite stops reading without an error, and
 * so loses all later changes. https://sqlite.org/fileformat2.html#walformat
 */

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

export interface WalDamage {
  /** Where the first damaged frame begins. Everything before it can be read. */
  offset: number;
  /** Whether later changes follow it. If not, a power cut may have interrupted the last write. */
  isInside: boolean;
}

/** The damage of a log; undefined if it is intact. */
export function walDamage(bytes: Buffer): WalDamage | undefined {
  // A shorter log: SQLite was killed when it began the log.
  if (bytes.length < HEADER_BYTES) return undefined;
  const isBig = bytes.readUInt32BE(0) === MAGIC + 1;
  const sum = summing(isBig);
  sum.add(bytes.subarray(0, 24));
  const pageBytes = bytes.readUInt32BE(8);
  const isHeader = isBig || bytes.readUInt32BE(0) === MAGIC;
  if (!isHeader || !sum.equals(bytes, 24) || pageBytes < 512) {
    return { offset: 0, isInside: bytes.length > HEADER_BYTES };
  }
  const salts = bytes.subarray(16, 24);
  const size = FRAME_HEADER_BYTES + pageBytes;
  for (let at = HEADER_BYTES; at + size <= bytes.length; at += size) {
    const isCurrent = bytes.subarray(at + 8, at + 16).equals(salts);
    if (isCurrent) {
      sum.add(bytes.subarray(at, at + 8));
      sum.add(bytes.subarray(at + FRAME_HEADER_BYTES, at + size));
      if (sum.equals(bytes, at + 16)) continue;
    }
    const later = commitsFrom(bytes, { at, size, salts });
    // Frames of an earlier generation of the log have other salts. They are the log's normal end.
    if (!isCurrent && later === 0) return undefined;
    return { offset: at, isInside: later > 1 };
  }
  return undefined;
}

/** How many commits follow from this offset. */
function commitsFrom(
  bytes: Buffer,
  { at, size, salts }: { at: number; size: number; salts: Buffer },
): number {
  let commits = 0;
  for (let frame = at; frame + size <= bytes.length; frame += size) {
    const isCurrent = bytes.subarray(frame + 8, frame + 16).equals(salts);
    if (isCurrent && bytes.readUInt32BE(frame + 4) > 0) commits += 1;
  }
  return commits;
}

/** The running checksum of SQLite: two sums over pairs of 32-bit words. */
function summing(isBig: boolean) {
  let [first, second] = [0, 0];
  return {
    add(data: Buffer): void {
      for (let at = 0; at < data.length; at += 8) {
        const [one, two] = isBig
          ? [data.readUInt32BE(at), data.readUInt32BE(at + 4)]
          : [data.readUInt32LE(at), data.readUInt32LE(at + 4)];
        first = (first + one + second) >>> 0;
        second = (second + two + first) >>> 0;
      }
    },
    equals: (bytes: Buffer, at: number) =>
      bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second,
  };
}
