/**
 * LevelDB's log format, which its write-ahead logs and its manifest share: blocks of 32 KiB with
 * fragments of 7 bytes of header each. https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
import { crc32c, mask } from "./crc.ts";

const BLOCK_BYTES = 32 * 1024;
const HEADER_BYTES = 7;
/** Types of fragments; 3 is a fragment in the middle of a record. */
const [FULL, FIRST, LAST] = [1, 2, 4];
/** A power cut leaves at least this many zero bytes at the end if the file had already grown. */
const ZERO_TAIL_BYTES = 16;

interface LogContent {
  /** Every intact record in order, also those after a damaged one. */
  records: Buffer[];
  /** A phrase for each damage. A truncated record at the end of the file is normal. */
  damage: string[];
}

/** Reads a log. Unlike LevelDB, it skips a damaged record and not the rest of its block. */
export function readLog(bytes: Buffer): LogContent {
  const records: Buffer[] = [];
  const damage: string[] = [];
  let parts: Buffer[] | undefined;
  /** After a damaged record: fragments without a beginning belong to it. */
  let lost = false;
  let at = 0;
  while (at < bytes.length) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) {
      at += left;
      continue;
    }
    const fragment = fragmentAt(bytes, at);
    if (!fragment) {
      const next = nextFragment(bytes, at + 1);
      if (next === undefined && isTorn(bytes, at)) return { records, damage };
      damage.push(`the record at byte ${at} is damaged`);
      if (next === undefined) return { records, damage };
      [at, parts, lost] = [next, undefined, true];
      continue;
    }
    const { type, data } = fragment;
    const begins = type === FULL || type === FIRST;
    if (begins && parts) damage.push(`the record before byte ${at} has no end`);
    if (!begins && !parts && !lost) damage.push(`the record at byte ${at} has no beginning`);
    if (begins) [parts, lost] = [[], false];
    parts?.push(data);
    if (type === FULL || type === LAST) {
      if (parts) records.push(Buffer.concat(parts));
      [parts, lost] = [undefined, false];
    }
    at += HEADER_BYTES + data.length;
  }
  return { records, damage };
}

/** The intact fragment at this offset, if there is one. */
function fragmentAt(bytes: Buffer, at: number): { type: number; data: Buffer } | undefined {
  const left = Math.min(BLOCK_BYTES - (at % BLOCK_BYTES), bytes.length - at);
  if (left < HEADER_BYTES) return undefined;
  const type = bytes.readUInt8(at + 6);
  const length = bytes.readUInt16LE(at + 4);
  if (type < FULL || type > LAST || length > left - HEADER_BYTES) return undefined;
  // The checksum covers the type and the data, which are adjacent.
  const end = at + HEADER_BYTES + length;
  if (mask(crc32c(bytes.subarray(at + 6, end))) !== bytes.readUInt32LE(at)) return undefined;
  return { type, data: bytes.subarray(at + HEADER_BYTES, end) };
}

function nextFragment(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at + HEADER_BYTES <= bytes.length; at += 1) {
    if (fragmentAt(bytes, at)) return at;
  }
  return undefined;
}

/** Whether the bytes after the last intact record are a truncated write. */
function isTorn(bytes: Buffer, at: number): boolean {
  const tail = bytes.subarray(at);
  if (tail.length < HEADER_BYTES || tail.every((byte) => byte === 0)) return true;
  const zeros = tail.subarray(-ZERO_TAIL_BYTES);
  if (zeros.length === ZERO_TAIL_BYTES && zeros.every((byte) => byte === 0)) return true;
  const type = tail.readUInt8(6);
  const end = (at % BLOCK_BYTES) + HEADER_BYTES + tail.readUInt16LE(4);
  const isFragment = type >= FULL && type <= LAST && end <= BLOCK_BYTES;
  return isFragment && HEADER_BYTES + tail.readUInt16LE(4) > tail.length;
}
