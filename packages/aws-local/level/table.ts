/**
 * LevelDB's sorted tables (`.ldb`): blocks, each with its checksum, an index of them and a footer.
 * https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { crc32c, mask, step } from "./crc.ts";
import { decompress } from "./snappy.ts";
import { reader } from "./varint.ts";

const FOOTER_BYTES = 48;
const MAGIC = Buffer.from("57fb808b247547db", "hex");
/** Compression type and checksum behind each block. */
const TRAILER_BYTES = 5;

/** A change of a row as LevelDB keeps it; the one with the greatest sequence holds. */
export interface Entry {
  key: Buffer;
  /** Absent for a removal. */
  value?: Buffer;
  sequence: bigint;
}

export interface TableContent {
  entries: Entry[];
  /** What is wrong, a phrase each. */
  damage: string[];
}

/** What is wrong with a table, a phrase each. Cheaper than reading it: no block is decompressed. */
export function damageOf(bytes: Buffer): string[] {
  const data = indexOf(bytes);
  if (!data) return [NO_INDEX];
  return data
    .filter(({ offset, size }) => !isIntact(bytes, offset, size))
    .map(({ offset }) => `the block at byte ${offset} is damaged`);
}

/** Reads every intact block of a table; without its index, those from the beginning on. */
export function readTable(bytes: Buffer): TableContent {
  const entries: Entry[] = [];
  const damage: string[] = [];
  const data = indexOf(bytes);
  if (!data) {
    damage.push(NO_INDEX);
    for (const block of blocksFrom(bytes)) {
      const rows = rowsOf(block);
      // The first block without rows is the filter; the index behind it only looks as if it had some.
      if (!rows) break;
      entries.push(...rows);
    }
    return { entries, damage };
  }
  for (const { offset, size } of data) {
    const block = blockAt(bytes, offset, size);
    const rows = block && rowsOf(block);
    if (rows) entries.push(...rows);
    else damage.push(`the block at byte ${offset} is damaged`);
  }
  return { entries, damage };
}

const NO_INDEX = "its index or its filter is damaged or cut off";

interface Handle {
  offset: number;
  size: number;
}

/** Where the data blocks are. Undefined if the footer, the index or the other blocks are damaged. */
function indexOf(bytes: Buffer): Handle[] | undefined {
  const footer = bytes.subarray(-FOOTER_BYTES);
  if (footer.length < FOOTER_BYTES || !footer.subarray(-MAGIC.length).equals(MAGIC)) return;
  try {
    const read = reader(footer);
    const handle = (from = read): Handle => ({ offset: from.varint(), size: from.varint() });
    const [meta, index] = [handle(), handle()];
    const named = blockAt(bytes, meta.offset, meta.size);
    const block = blockAt(bytes, index.offset, index.size);
    if (!block || !named) return;
    // A damaged filter says of rows that they are not there.
    const others = pairsOf(named).map(({ value }) => handle(reader(value)));
    if (!others.every(({ offset, size }) => isIntact(bytes, offset, size))) return;
    return pairsOf(block).map(({ value }) => handle(reader(value)));
  } catch {
    return undefined;
  }
}

function blockAt(bytes: Buffer, offset: number, size: number): Buffer | undefined {
  if (!isIntact(bytes, offset, size)) return undefined;
  const end = offset + size;
  return unpack(bytes.subarray(offset, end), bytes.readUInt8(end));
}

function isIntact(bytes: Buffer, offset: number, size: number): boolean {
  const end = offset + size;
  if (end + TRAILER_BYTES > bytes.length) return false;
  return mask(crc32c(bytes.subarray(offset, end + 1))) === bytes.readUInt32LE(end + 1);
}

/** Blocks one behind the other: a length at which the checksum fits is the block's. */
function* blocksFrom(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  let state = 0xffff_ffff;
  for (let at = 0; at + TRAILER_BYTES <= bytes.length; at += 1) {
    // `at` may be the type behind the data, which the checksum covers.
    const type = bytes.readUInt8(at);
    state = step(state, type);
    if (type > 1 || mask((state ^ 0xffff_ffff) >>> 0) !== bytes.readUInt32LE(at + 1)) continue;
    const block = unpack(bytes.subarray(start, at), type);
    if (block) yield block;
    start = at + TRAILER_BYTES;
    at = start - 1;
    state = 0xffff_ffff;
  }
}

function unpack(data: Buffer, type: number): Buffer | undefined {
  if (type === 0) return data;
  try {
    return type === 1 ? decompress(data) : undefined;
  } catch {
    return undefined;
  }
}

/** Keys are written as what they differ in from the key before. Throws RangeError. */
function pairsOf(block: Buffer): { key: Buffer; value: Buffer }[] {
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 - 4 * restarts;
  if (end < 0) throw new RangeError("The block is too short.");
  const read = reader(block.subarray(0, end));
  const pairs: { key: Buffer; value: Buffer }[] = [];
  let before = Buffer.alloc(0);
  while (!read.isDone) {
    const [shared, own, length] = [read.varint(), read.varint(), read.varint()];
    if (shared > before.length) throw new RangeError("The key is damaged.");
    before = Buffer.concat([before.subarray(0, shared), read.take(own)]);
    pairs.push({ key: before, value: read.take(length) });
  }
  return pairs;
}

/** The rows of a data block; undefined for a block that holds none. */
function rowsOf(block: Buffer): Entry[] | undefined {
  try {
    return pairsOf(block).map(({ key, value }) => {
      // The last eight bytes: the sequence in 56 bits above the kind of change.
      const tag = key.readBigUInt64LE(key.length - 8);
      const kind = tag & 0xffn;
      if (kind > 1n) throw new RangeError("This is no row.");
      const entry = { key: key.subarray(0, -8), sequence: tag >> 8n };
      return kind === 1n ? { ...entry, value } : entry;
    });
  } catch {
    return undefined;
  }
}
