/**
 * CRC-64/NVME in WebAssembly that is assembled here. Four interleaved streams ("braids", as in Mark Adler's zlib)
 * keep the processor busy where a single stream waits for its last step.
 *
 * hash-wasm 4.13 has this CRC too (`createCRC64("9a6c9329ac4bc9b5")`), but it is slower: 345 MB/s instead of 630,
 * and with MD5 on the same thread, as for an upload, 109 MB/s instead of 162 (184 with MD5 alone). That
 * thread limits the speed of uploads, and the AWS CLI sends this checksum by default.
 */

import { digestOf } from "./crc-combine.ts";

const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const ONES = 0xffff_ffff_ffff_ffffn;
const STREAMS = 4;
const BLOCK_BYTES = STREAMS * 8;
/** Eight tables of 256 words: what a byte at each position of a word becomes after a block, and after a word. */
const TABLES_BYTES = 8 * 256 * 8;
const BRAID_AT = 0;
const SLICE_AT = TABLES_BYTES;
const DATA_AT = 2 * TABLES_BYTES;
const DATA_BYTES = 64 * 1024;
const PAGES = Math.ceil((DATA_AT + DATA_BYTES) / 65_536);

/** The instructions in use: https://webassembly.github.io/spec/core/appendix/index-instructions.html */
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const i32 = (value: number) => [0x41, ...signed(value)];
const i64 = (value: number) => [0x42, ...signed(value)];
const load = (offset: number) => [0x29, 3, ...unsigned(offset)];
const [ADD, SUB, AND, LESS, WRAP, XOR, SHL, SHR] = [0x6a, 0x6b, 0x71, 0x49, 0xa7, 0x85, 0x86, 0x88];
const LOOP = [0x03, 0x40];
const IF = [0x04, 0x40];
const END = 0x0b;
const AGAIN = [0x0d, 0];

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64
    ? [value & 0x7f]
    : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

const section = (id: number, ...content: number[]) => [id, ...unsigned(content.length), ...content];

// Locals of the function: its parameters, the other three streams, and temporary values.
const [CRC, AT, TO] = [0, 1, 2];
const STREAM = [CRC, 3, 4, 5];
const WORD = 6;
const LAST = 7;

type Code = (number | number[])[];

/** Looks up the eight bytes of the word in WORD and pushes the sum of their entries. */
const lookUp = (tables: number) =>
  Array.from({ length: 8 }, (_, byte): number[] => {
    // The byte's value times eight, which is the size of an entry.
    const shift: Code = byte === 0 ? [i64(3), SHL] : [i64(byte * 8 - 3), SHR];
    const entry: Code = [WRAP, i32(0x7f8), AND, load(tables + byte * 2048)];
    return [get(WORD), shift.flat(), entry.flat(), byte === 0 ? [] : XOR].flat();
  }).flat();

/** One block: every stream adds its word and advances by a block. */
const braid = STREAM.flatMap((stream, at): Code => {
  const word: Code = [get(stream), get(AT), load(at * 8), XOR, set(WORD)];
  return [...word, lookUp(BRAID_AT), set(stream)];
}).flat();

/** The last block: the streams become one. */
const join = STREAM.flatMap((stream, at): Code => {
  const word: Code = [get(stream), get(AT), load(at * 8), XOR];
  const sum: Code = at === 0 ? [] : [get(CRC), XOR];
  return [...word, ...sum, set(WORD), lookUp(SLICE_AT), set(CRC)];
}).flat();

const advance = (bytes: number) => [get(AT), i32(bytes), ADD, set(AT)].flat();

const LOCALS = [2, 4, 0x7e, 1, 0x7f];
const SET_LAST: Code = [get(TO), i32(BLOCK_BYTES), SUB, set(LAST)];
const IS_BEFORE_LAST: Code = [get(AT), get(LAST), LESS];
const BLOCKS: Code = [IF, LOOP, braid, advance(BLOCK_BYTES), ...IS_BEFORE_LAST, AGAIN, END, END];

/** (crc, at, to) → crc over whole blocks; at least one. */
const BODY = [LOCALS, ...SET_LAST, ...IS_BEFORE_LAST, ...BLOCKS, join, get(CRC), END].flat();

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const MODULE = Uint8Array.from([
  ...HEADER,
  ...section(1, 1, 0x60, 3, 0x7e, 0x7f, 0x7f, 1, 0x7e),
  ...section(3, 1, 0),
  ...section(5, 1, 0, PAGES),
  ...section(7, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0),
  ...section(10, 1, ...unsigned(BODY.length), ...BODY),
]);

interface Crc64Module {
  memory: Uint8Array;
  table: BigUint64Array;
  blocks(crc: bigint, at: number, to: number): bigint;
}

function build(): Crc64Module {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MODULE));
  const { m, f } = exports;
  if (!(m instanceof WebAssembly.Memory) || typeof f !== "function") throw new Error("unreachable");
  const table = new BigUint64Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    table[byte] = crc;
  }
  const words = new BigUint64Array(m.buffer);
  for (let entry = 0; entry < 8 * 256; entry += 1) {
    let crc = BigInt(entry % 256) << BigInt(8 * Math.floor(entry / 256));
    for (let zeros = 1; zeros <= BLOCK_BYTES; zeros += 1) {
      crc = (table[Number(crc & 0xffn)] ?? 0n) ^ (crc >> 8n);
      if (zeros === 8) words[SLICE_AT / 8 + entry] = crc;
    }
    words[BRAID_AT / 8 + entry] = crc;
  }
  const blocks = (crc: bigint, at: number, to: number): bigint => f(crc, at, to);
  return { memory: new Uint8Array(m.buffer), table, blocks };
}

let shared: Crc64Module | undefined;

/**
 * Creates a hasher, whose digest is base64 of the big-endian CRC. All share one module, because each call runs to its
 * end. The Content-Security-Policy of pages allows no WebAssembly, so a page needs a worker for it.
 */
export function createCrc64(): { update(data: Uint8Array): void; digest(): string } {
  shared ??= build();
  const { memory, table, blocks } = shared;
  let crc = ONES;
  return {
    update(data) {
      for (let from = 0; from < data.length; from += DATA_BYTES) {
        const chunk = data.subarray(from, from + DATA_BYTES);
        const whole = chunk.length - (chunk.length % BLOCK_BYTES);
        if (whole > 0) {
          memory.set(chunk.subarray(0, whole), DATA_AT);
          crc = BigInt.asUintN(64, blocks(BigInt.asIntN(64, crc), DATA_AT, DATA_AT + whole));
        }
        for (const byte of chunk.subarray(whole)) {
          crc = (table[Number((crc ^ BigInt(byte)) & 0xffn)] ?? 0n) ^ (crc >> 8n);
        }
      }
    },
    digest: () => digestOf(crc ^ ONES, 8),
  };
}
