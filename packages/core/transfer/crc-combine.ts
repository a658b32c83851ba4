/** The CRC of a whole from the CRCs of its parts, as S3 computes it with the checksum type FULL_OBJECT. */

/** Bit-reversed polynomials. */
export const POLYNOMIAL = {
  CRC32: 0xedb88320n,
  CRC32C: 0x82f63b78n,
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
};
export type Crc = keyof typeof POLYNOMIAL;
export const WIDTH: Record<Crc, bigint> = { CRC32: 32n, CRC32C: 32n, CRC64NVME: 64n };

/** Base64 of the big-endian bytes of a CRC. Without Buffer, which browsers do not have. */
export function digestOf(crc: bigint, bytes: number): string {
  const shifts = Array.from({ length: bytes }, (_, at) => BigInt(8 * (bytes - 1 - at)));
  return btoa(String.fromCharCode(...shifts.map((shift) => Number((crc >> shift) & 0xffn))));
}

function crcOf(digest: string): bigint {
  let crc = 0n;
  for (const character of atob(digest)) crc = (crc << 8n) | BigInt(character.charCodeAt(0));
  return crc;
}

/** Multiplies two polynomials modulo the CRC's polynomial; the highest bit is x^0, as in CRCs. */
function multiply(crc: Crc, left: bigint, right: bigint): bigint {
  let product = 0n;
  let factor = right;
  for (let bit = 1n << (WIDTH[crc] - 1n); bit !== 0n; bit >>= 1n) {
    if (left & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ POLYNOMIAL[crc] : factor >> 1n;
  }
  return product;
}

/** x^(8·bytes): appending that many zero bytes multiplies a CRC with it. */
function shiftBy(crc: Crc, bytes: number): bigint {
  const one = 1n << (WIDTH[crc] - 1n);
  let square = one >> 8n;
  let shift = one;
  for (let left = BigInt(bytes); left > 0n; left >>= 1n) {
    if (left & 1n) shift = multiply(crc, shift, square);
    square = multiply(crc, square, square);
  }
  return shift;
}

/**
 * Computes the CRC of a whole object from the CRCs of its parts in order, without reading the bytes again.
 * Most parts have one size, whose shift is computed once: 10,000 parts take about 0.1 s.
 */
export function combine(crc: Crc, parts: { value: string; sizeBytes: number }[]): string {
  const shifts = new Map<number, bigint>();
  let whole = 0n;
  for (const { value, sizeBytes } of parts) {
    const shift = shifts.get(sizeBytes) ?? shiftBy(crc, sizeBytes);
    shifts.set(sizeBytes, shift);
    whole = multiply(crc, whole, shift) ^ crcOf(value);
  }
  return digestOf(whole, Number(WIDTH[crc]) / 8);
}
