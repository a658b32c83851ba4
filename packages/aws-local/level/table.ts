/**
 * LevelDB's sorted tables (`.ldb`): blocks, each with its checksum, an index of them and a footer.
 * https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { crc32c, mask, step } from "./crc.ts";
import { decompress } from "./snappy.ts";
import { createReader } from "./varint.ts";

const FOOTER_BYTES = 48;
const MAGIC = Buffer.from("57fb808b247547db", "hex");
/** Compression type and checksum after each block. */
const TRAILER_BYTES = 5;

/** A change of a row; the one with the greatest sequence number is current. */
export interface Entry {
  key: Buffer;
  /** Absent for a removal. */
  value?: Buffer;
  sequence: bigint;
}

interface TableContent {
  entries: Entry[];
  /** A phrase for each damage. */
  damage: string[];
}

/** Checks a table. Cheaper than reading it: it decompresses no block. Returns a phrase for each damage. */
export function checkTable(bytes: Buffer): string[] {
  const data = readIndex(bytes);
  if (!data) return [NO_INDEX];
  return data
    .filter(({ offset, size }) => !isIntact(bytes, offset, size))
    .map(({ offset }) => `the block at byte ${offset} is damaged`);
}

/** Reads every intact block of a table; without an index, those from the beginning. */
export function readTable(bytes: Buffer): TableContent {
  const entries: Entry[] = [];
  const damage: string[] = [];
  const data = readIndex(bytes);
  if (!data) {
    damage.push(NO_INDEX);
    for (const block of blocksFrom(bytes)) {
      const rows = readRows(block);
      // The first block without rows is the filter. The index after it has the same form as rows.
      if (!rows) break;
      entries.push(...rows);
    }
    return { entries, damage };
  }
  for (const { offset, size } of data) {
    const block = blockAt(bytes, offset, size);
    const rows = block && readRows(block);
    if (rows) entries.push(...rows);
    else damage.push(`the block at byte ${offset} is damaged`);
  }
  return { entries, damage };
}

const NO_INDEX = "its index or its filter is damaged or truncated";

interface Handle {
  offset: number;
  size: number;
}

/** The positions of the data blocks. Undefined if the footer, the index or the other blocks are damaged. */
function readIndex(bytes: Buffer): Handle[] | undefined {
  const footer = bytes.subarray(-FOOTER_BYTES);
  if (footer.length < FOOTER_BYTES || !footer.subarray(-MAGIC.length).equals(MAGIC)) return;
  try {
    const read = createReader(footer);
    const handle = (from = read): Handle => ({ offset: from.varint(), size: from.varint() });
    const [meta, index] = [handle(), handle()];
    const named = blockAt(bytes, meta.offset, meta.size);
    const block = blockAt(bytes, index.offset, index.size);
    if (!block || !named) return;
    // A damaged filter hides rows.
    const others = readPairs(named).map(({ value }) => handle(createReader(value)));
    if (!others.every(({ offset, size }) => isIntact(bytes, offset, size))) return;
    return readPairs(block).map(({ value }) => handle(createReader(value)));
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

/** Finds consecutive blocks: a block ends where its checksum matches. */
function* blocksFrom(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  let state = 0xffff_ffff;
  for (let at = 0; at + TRAILER_BYTES <= bytes.length; at += 1) {
    // `at` may be the type after the data, which the checksum covers.
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

/** Reads keys and values. Each key is stored as its difference from the one before. Throws RangeError. */
function readPairs(block: Buffer): { key: Buffer; value: Buffer }[] {
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 - 4 * restarts;
  if (end < 0) throw new RangeError("The block is too short.");
  const read = createReader(block.subarray(0, end));
  const pairs: { key: Buffer; value: Buffer }[] = [];
  let before = Buffer.alloc(0);
  while (!read.isDone) {
    const [sharedBytes, ownBytes, valueBytes] = [read.varint(), read.varint(), read.varint()];
    if (sharedBytes > before.length) throw new RangeError("The key is damaged.");
    before = Buffer.concat([before.subarray(0, sharedBytes), read.take(ownBytes)]);
    pairs.push({ key: before, value: read.take(valueBytes) });
  }
  return pairs;
}

/** The rows of a data block; undefined for another block. */
function readRows(block: Buffer): Entry[] | undefined {
  try {
    return readPairs(block).map(({ key, value }) => {
      // The last eight bytes: the sequence in 56 bits above the kind of change.
      const tag = key.readBigUInt64LE(key.length - 8);
      const kind = tag & 0xffn;
      if (kind > 1n) throw new RangeError("The block has no rows.");
      const entry = { key: key.subarray(0, -8), sequence: tag >> 8n };
      return kind === 1n ? { ...entry, value } : entry;
    });
  } catch {
    return undefined;
  }
}
