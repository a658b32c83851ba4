import { VisibleError } from "../error.ts";

/** More than a poster of 1280×720 needs. AWS passes at most six megabytes of a request's body to the app. */
export const MAX_BYTES = 1_000_000;
const MIN_SIDE = 16;
const MAX_SIDE = 4096;

/**
 * Checks that a file is a whole JPEG of a size that pages can show, and returns the size of its picture. It is not
 * decoded. Throws `poster.invalid` and `request.too_large`.
 */
export function check(file: Uint8Array): { width: number; height: number } {
  if (file.length > MAX_BYTES) {
    throw new VisibleError("too_large", "request.too_large", "The file is larger than 1 MB.");
  }
  const size = sizeOf(Buffer.from(file.buffer, file.byteOffset, file.length));
  if (!size) throw invalid("The file is no complete JPEG picture. Send it as a JPEG.");
  const sides = [size.width, size.height];
  if (sides.some((side) => side < MIN_SIDE || side > MAX_SIDE)) {
    throw invalid(`The picture must have ${MIN_SIDE} to ${MAX_SIDE} pixels on each side.`);
  }
  return size;
}

const invalid = (message: string) => new VisibleError("input", "poster.invalid", message);

const MARKER = 0xff;
/** Baseline, extended and progressive frames (ITU-T T.81, table B.1). Browsers show no others. */
const FRAMES = [0xc0, 0xc1, 0xc2];
const SCAN = 0xda;

/** The size in the header of the frame. Undefined without a header before the first scan, or without the end. */
function sizeOf(file: Buffer): { width: number; height: number } | undefined {
  const last = file.length - 2;
  if (last < 2 || file.readUInt16BE(0) !== 0xffd8 || file.readUInt16BE(last) !== 0xffd9) {
    return undefined;
  }
  for (let at = 2; at + 9 <= last && file[at] === MARKER; ) {
    const code = file.readUInt8(at + 1);
    if (code === SCAN) return undefined;
    if (FRAMES.includes(code)) {
      return { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
    }
    at += 2 + file.readUInt16BE(at + 2);
  }
  return undefined;
}
