import { element, ID } from "./ebml.ts";
import type { Family } from "./magic.ts";
import type { Read } from "./read.ts";
import { asfSize, flashSize, mxfFooter, oggEnd, riffSize, soundSize } from "./stated-size.ts";

/** A fragmented file can have thousands of boxes. The encoder checks the rest. */
const MAX_READS = 40;

/**
 * Whether the file is as long as its container states. Reads only headers. True for a format that does not state its
 * length.
 */
export async function isWhole(family: Family, sizeBytes: number, read: Read): Promise<boolean> {
  switch (family) {
    case "iso":
      return isoIsWhole(sizeBytes, read);
    case "matroska":
      return matroskaIsWhole(sizeBytes, await read(0, 4096));
    case "avi":
      return (await riffSize(read)) <= sizeBytes;
    case "mxf":
      return (await mxfFooter(read)) < sizeBytes;
    case "flv":
      return (await flashSize(read)) <= sizeBytes;
    case "asf":
      return (await asfSize(read)) <= sizeBytes;
    case "ogg":
      return (await oggEnd(sizeBytes, read)) <= sizeBytes;
    case "audio":
      return (await soundSize(read)) <= sizeBytes;
    case "mpeg-ts":
    case "mpeg-ps":
    case "picture":
    case "animated-picture":
      return true;
    default:
      return family satisfies never;
  }
}

export interface Box {
  type: string;
  offset: number;
  /** Of the whole box, including its header. */
  length: number;
}

/**
 * The top-level boxes of an MP4 or QuickTime file, at most 40. Stops at bytes that are not a box: some cameras write
 * padding after the last one. The last box may extend past the file's end.
 */
export const topBoxes = (sizeBytes: number, read: Read) => boxesBetween(read, 0, sizeBytes);

/** The boxes between two offsets of a file, at most 40. */
export async function* boxesBetween(read: Read, from: number, to: number): AsyncGenerator<Box> {
  let offset = from;
  for (let reads = 0; offset < to && reads < MAX_READS; reads += 1) {
    const box = boxAt(await read(offset, 16), 0, to - offset);
    if (!box) return;
    yield { ...box, offset };
    offset += box.length;
  }
}

/** The boxes inside a box's body between two offsets of these bytes. */
export function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  for (let offset = from; offset + 8 <= to; ) {
    const box = boxAt(bytes, offset, to - offset);
    if (!box) return;
    yield box;
    offset += box.length;
  }
}

function boxAt(bytes: Uint8Array, offset: number, rest: number): Box | undefined {
  if (bytes.length < offset + 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return undefined;
  let length = view.getUint32(offset);
  if (length === 1) {
    // A 64-bit length follows. If even that is missing, the box extends past the end.
    length = bytes.length < offset + 16 ? rest + 1 : Number(view.getBigUint64(offset + 8));
  } else if (length === 0) {
    // The last box, which by definition extends to the end.
    length = rest;
  }
  return length < 8 ? undefined : { type, offset, length };
}

/** No top-level box may extend past the end, and one must be `moov`. */
async function isoIsWhole(sizeBytes: number, read: Read): Promise<boolean> {
  let end = 0;
  let hasIndex = false;
  let many = 0;
  for await (const box of topBoxes(sizeBytes, read)) {
    end = box.offset + box.length;
    if (end > sizeBytes) return false;
    if (box.type === "moov") hasIndex = true;
    many += 1;
  }
  // If the walk reached its limit, the encoder checks the rest.
  return hasIndex || (many === MAX_READS && end < sizeBytes);
}

/** Compares the Segment's stated size, if the writer knew it. A live recording has none. */
function matroskaIsWhole(sizeBytes: number, bytes: Uint8Array): boolean {
  const header = element(bytes, 0);
  if (header?.size === undefined) return true;
  const segment = element(bytes, header.body + header.size);
  if (segment === undefined || segment.id !== ID.segment || segment.size === undefined) return true;
  return segment.body + segment.size <= sizeBytes;
}
