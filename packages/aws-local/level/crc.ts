/** CRC-32C, the checksum of LevelDB's files. Metadata is small, so one table is fast enough. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** Adds a byte to a CRC-32C; `state` is the value before the final inversion. */
export function step(state: number, byte: number): number {
  return (TABLE[(state ^ byte) & 0xff] ?? 0) ^ (state >>> 8);
}

export function crc32c(data: Uint8Array): number {
  let state = 0xffff_ffff;
  for (const byte of data) state = step(state, byte);
  return (state ^ 0xffff_ffff) >>> 0;
}

/**
 * LevelDB masks stored CRCs, because a CRC over data that contains its own CRC is weak:
 * https://github.com/google/leveldb/blob/main/util/crc32c.h
 */
export const mask = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
