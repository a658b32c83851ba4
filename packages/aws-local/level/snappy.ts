/**
 * Decompresses a Snappy block, as in LevelDB's tables:
 * https://github.com/google/snappy/blob/main/format_description.txt. Throws RangeError if it is damaged.
 */
import { createReader } from "./varint.ts";

export function decompress(bytes: Buffer): Buffer {
  const input = createReader(bytes);
  const output = Buffer.alloc(input.varint());
  let end = 0;
  while (!input.isDone) {
    const tag = input.byte();
    const high = tag >>> 2;
    if ((tag & 3) === 0) {
      const length = 1 + (high < 60 ? high : input.take(high - 59).readUIntLE(0, high - 59));
      if (end + length > output.length) throw new RangeError("The block is too long.");
      end += input.take(length).copy(output, end);
      continue;
    }
    const isShort = (tag & 3) === 1;
    const length = isShort ? 4 + (high & 7) : 1 + high;
    const distance = isShort
      ? ((tag >>> 5) << 8) | input.byte()
      : input.take((tag & 3) === 2 ? 2 : 4).readUIntLE(0, (tag & 3) === 2 ? 2 : 4);
    if (distance === 0 || distance > end || end + length > output.length) {
      throw new RangeError("The block is damaged.");
    }
    // Byte by byte: source and target may overlap.
    for (let i = 0; i < length; i += 1) output[end + i] = output[end - distance + i] ?? 0;
    end += length;
  }
  if (end !== output.length) throw new RangeError("The block is too short.");
  return output;
}
