import type { Family } from "./magic.ts";

/** Reads up to `length` bytes of the object from `offset`; fewer at its end. */
export type Read = (offset: number, length: number) => Promise<Uint8Array>;

/** A fragmented file can have thousands of boxes; the encoder will say what this walk does not. */
const MAX_READS = 40;

/**
 * Whether the file is as long as its container promises. Reads only headers. Where a format does not
 * say how long it is, the answer is true.
 */
export async function isWhole(family: Family, sizeBytes: number, read: Read): Promise<boolean> {
  if (family === "iso") return isoIsWhole(sizeBytes, read);
  if (family === "matroska") return matroskaIsWhole(sizeBytes, await read(0, 4096));
  if (family === "avi") return aviIsWhole(sizeBytes, await read(0, 12));
  return true;
}

/** Walks the boxes at the top of an MP4 or QuickTime file: none may pass the end, one must be `moov`. */
async function isoIsWhole(sizeBytes: number, read: Read): Promise<boolean> {
  let offset = 0;
  let hasIndex = false;
  for (let reads = 0; offset < sizeBytes && reads < MAX_READS; reads += 1) {
    const header = await read(offset, 16);
    if (header.length < 8) return hasIndex;
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    const type = String.fromCharCode(...header.subarray(4, 8));
    // Some cameras write padding after the last box.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return hasIndex;
    let length = view.getUint32(0);
    if (length === 1) {
      if (header.length < 16) return false;
      length = Number(view.getBigUint64(8));
    } else if (length === 0) {
      // The last box, which reaches to the end by definition.
      length = sizeBytes - offset;
    }
    if (length < 8) return hasIndex;
    if (offset + length > sizeBytes) return false;
    if (type === "moov") hasIndex = true;
    offset += length;
  }
  return hasIndex || offset < sizeBytes;
}

/** The Segment's promised size, where the writer knew it; a live recording does not. */
function matroskaIsWhole(sizeBytes: number, bytes: Uint8Array): boolean {
  const header = element(bytes, 0);
  if (header?.size === undefined) return true;
  const segment = element(bytes, header.body + header.size);
  if (segment === undefined || segment.id !== 0x18538067 || segment.size === undefined) return true;
  return segment.body + segment.size <= sizeBytes;
}

function element(
  bytes: Uint8Array,
  offset: number,
): { id: number; size: number | undefined; body: number } | undefined {
  const first = bytes[offset];
  if (first === undefined || first === 0) return undefined;
  const idLength = Math.clz32(first) - 23;
  const sizeAt = offset + idLength;
  const lengthByte = bytes[sizeAt];
  if (lengthByte === undefined || lengthByte === 0) return undefined;
  const sizeLength = Math.clz32(lengthByte) - 23;
  if (sizeAt + sizeLength > bytes.length) return undefined;
  const number = (from: number, length: number, start: number) => {
    let value = start;
    for (let at = from + 1; at < from + length; at += 1) value = value * 256 + (bytes[at] ?? 0);
    return value;
  };
  const mask = 2 ** (8 - sizeLength) - 1;
  const size = number(sizeAt, sizeLength, lengthByte & mask);
  const unknown = size === 2 ** (7 * sizeLength) - 1;
  return {
    id: number(offset, idLength, first),
    size: unknown ? undefined : size,
    body: sizeAt + sizeLength,
  };
}

/** The first RIFF chunk may not pass the end. Writers that stopped early leave 0 there. */
function aviIsWhole(sizeBytes: number, bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(4, true) + 8 <= sizeBytes;
}
