/** Reads the numbers and strings of LevelDB's files. A read past the end throws RangeError. */
export function createReader(bytes: Buffer, start = 0) {
  let at = start;

  function varint(): number {
    let value = 0;
    // Multiplied, not shifted: file numbers and sizes may exceed 32 bits.
    for (let factor = 1; factor < 2 ** 56; factor *= 128) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new RangeError("The number is too large.");
  }

  function take(length: number): Buffer {
    if (length > bytes.length - at) throw new RangeError("The data ends too early.");
    at += length;
    return bytes.subarray(at - length, at);
  }

  return {
    varint,
    take,
    /** A string with its length before it. */
    string: () => take(varint()),
    byte: () => take(1).readUInt8(),
    get at() {
      return at;
    },
    get isDone() {
      return at >= bytes.length;
    },
  };
}
