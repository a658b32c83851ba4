/** How long a file is according to its own headers. Safe in the browser. */
import type { Read } from "./read.ts";

/** More than the headers of these formats have before the fields that are read here. */
const HEAD_BYTES = 16 * 1024;
/** The longest page of an Ogg file: a header of 27 bytes, and 255 segments with their lengths (RFC 3533). */
const MOST_PAGE_BYTES = 27 + 255 + 255 * 255;
/** Writers that cannot go back state the largest size, or a little less. */
const UNKNOWN_RIFF_SIZE = 0x7fff_0000;
const HIGH = 2 ** 32;

/** The bytes that the first chunk of an AVI or a WAV file states. Writers that stopped early leave 0 there. */
export async function riffSize(read: Read): Promise<number> {
  const head = await read(0, 12);
  return head.length < 12 ? Number.POSITIVE_INFINITY : view(head).getUint32(4, true) + 8;
}

/** The bytes that a WAV or an MP3 file states. 0 if it does not state them, as in a recording that was piped. */
export async function soundSize(read: Read): Promise<number> {
  const start = text(await read(0, 4));
  if (start !== "RIFF") return mp3Size(read);
  // Without the header of the chunk, because some writers count it too.
  const size = (await riffSize(read)) - 8;
  return size >= UNKNOWN_RIFF_SIZE ? 0 : size;
}

/** Many writers put the number of bytes into the first frame, after "Xing" or "Info". An ID3 tag may be before it. */
async function mp3Size(read: Read): Promise<number> {
  const tag = await read(0, 10);
  const size = tag.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0);
  const from = text(tag).startsWith("ID3") ? 10 + size : 0;
  const frame = await read(from, 256);
  const at = Math.max(find(frame, "Xing"), find(frame, "Info"));
  if (at < 0 || at + 16 > frame.length) return 0;
  const flags = view(frame).getUint32(at + 4);
  const bytesAt = at + 8 + (flags & HAS_FRAMES ? 4 : 0);
  return flags & HAS_BYTES ? from + view(frame).getUint32(bytesAt) : 0;
}

const HAS_FRAMES = 1;
const HAS_BYTES = 2;

/** Where the footer of an MXF file is (SMPTE 377-1, 7.1). 0 while it is not written. */
export async function mxfFooter(read: Read): Promise<number> {
  const head = await read(0, 64);
  // The key of a partition and the length of its value, which has up to eight bytes.
  const length = head[16] ?? 0;
  const at = 17 + (length > 0x80 ? length - 0x80 : 0) + 24;
  return at + 8 > head.length ? 0 : uint64(view(head), at, false);
}

/** The number that the metadata of a Flash Video call `filesize`. 0 if they do not. */
export async function flashSize(read: Read): Promise<number> {
  const head = await read(0, HEAD_BYTES);
  // Its length in two bytes, the name, and the type of a number.
  const at = find(head, "\0\bfilesize\0");
  return at < 0 || at + 19 > head.length ? 0 : view(head).getFloat64(at + 11);
}

/** The bytes that the File Properties Object of an ASF file states. 0 for a broadcast, which does not know them. */
export async function asfSize(read: Read): Promise<number> {
  const head = await read(0, HEAD_BYTES);
  const at = find(head, FILE_PROPERTIES);
  if (at < 0 || at + 92 > head.length) return 0;
  const isBroadcast = (view(head).getUint32(at + 88, true) & 1) !== 0;
  return isBroadcast ? 0 : uint64(view(head), at + 40, true);
}

const FILE_PROPERTIES = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";

/** Where the last page of an Ogg file ends. */
export async function oggEnd(sizeBytes: number, read: Read): Promise<number> {
  const from = Math.max(0, sizeBytes - MOST_PAGE_BYTES);
  const tail = await read(from, sizeBytes - from);
  const at = text(tail).lastIndexOf("OggS");
  if (at < 0) return 0;
  const segments = tail[at + 26];
  if (segments === undefined) return Number.POSITIVE_INFINITY;
  const lengths = tail.subarray(at + 27, at + 27 + segments);
  return from + at + 27 + segments + lengths.reduce((sum, length) => sum + length, 0);
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** One character for each byte. */
const text = (bytes: Uint8Array) => {
  let characters = "";
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return characters;
};
const find = (bytes: Uint8Array, part: string) => text(bytes).indexOf(part);

function uint64(bytes: DataView, at: number, little: boolean): number {
  const [low, high] = little ? [at, at + 4] : [at + 4, at];
  return bytes.getUint32(high, little) * HIGH + bytes.getUint32(low, little);
}
