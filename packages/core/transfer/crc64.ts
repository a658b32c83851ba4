/**
 * CRC-64/NVME in plain JavaScript, with the high and low half of each entry in separate tables. A BigInt per byte would
 * be a hundred times slower, and WebAssembly needs an exception in the Content-Security-Policy.
 * https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-64-nvme
 */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
/** A few milliseconds of work between two reads, so that the page stays responsive on a slow machine too. */
const SLICE_BYTES = 256 * 1024;

/** The two halves of a CRC, or of 256 table entries. */
interface Halves {
  high: Int32Array;
  low: Int32Array;
}

function tables(): Halves {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    high[byte] = Number(BigInt.asIntN(32, crc >> 32n));
    low[byte] = Number(BigInt.asIntN(32, crc));
  }
  return { high, low };
}

/** Not inside the asynchronous function, whose variables are stored in memory: that was five times slower. */
function update(crc: Halves, bytes: Uint8Array, table: Halves): void {
  let high = crc.high[0] ?? 0;
  let low = crc.low[0] ?? 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const entry = (low ^ (bytes[at] ?? 0)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (table.low[entry] ?? 0);
    high = (high >>> 8) ^ (table.high[entry] ?? 0);
  }
  crc.high[0] = high;
  crc.low[0] = low;
}

/**
 * Base64 of the file's CRC-64/NVME, big-endian, as S3 returns it. Rejects if the file cannot be read, and with the
 * signal's reason.
 */
export async function crc64Of(file: Blob, signal: AbortSignal): Promise<string> {
  const table = tables();
  const crc = { high: Int32Array.of(-1), low: Int32Array.of(-1) };
  for (let start = 0; start < file.size; start += SLICE_BYTES) {
    signal.throwIfAborted();
    const slice = file.slice(start, start + SLICE_BYTES);
    update(crc, new Uint8Array(await slice.arrayBuffer()), table);
  }
  const digest = new DataView(new ArrayBuffer(8));
  digest.setInt32(0, ~(crc.high[0] ?? 0));
  digest.setInt32(4, ~(crc.low[0] ?? 0));
  return btoa(String.fromCharCode(...new Uint8Array(digest.buffer)));
}
