/** One element of a Matroska or WebM file. Offsets are from the start of the bytes that contain it. */
export interface Element {
  id: number;
  /** Bytes of its body. Undefined if the writer did not know. */
  size: number | undefined;
  /** Where its body begins. */
  body: number;
}

export const ID = {
  segment: 0x18538067,
  info: 0x1549a966,
  scale: 0x2ad7b1,
  time: 0xe7,
  checksum: 0xbf,
  tracks: 0x1654ae6b,
  track: 0xae,
  trackType: 0x83,
  isDefault: 0x88,
  codec: 0x86,
  language: 0x22b59c,
  languageTag: 0x22b59d,
  encodings: 0x6d80,
  encoding: 0x6240,
  encryption: 0x5035,
  cluster: 0x1f43b675,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  chapters: 0x1043a770,
  edition: 0x45b9,
  chapter: 0xb6,
  chapterStart: 0x91,
  chapterHidden: 0x98,
  chapterDisplay: 0x80,
  chapterTitle: 0x85,
} as const;

/** The element at `offset`. Undefined if it is missing, or if its header is incomplete. */
export function element(bytes: Uint8Array, offset: number): Element | undefined {
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

/** The elements of a body between two offsets, as far as the bytes go. */
export function* elements(bytes: Uint8Array, from: number, to: number): Generator<Element> {
  for (let offset = from; offset < Math.min(to, bytes.length); ) {
    const found = element(bytes, offset);
    if (!found) return;
    yield found;
    if (found.size === undefined) return;
    offset = found.body + found.size;
  }
}

/** An unsigned integer of at most eight bytes. Undefined if it is not one, or is incomplete. */
export function unsigned(bytes: Uint8Array, { body, size }: Element): number | undefined {
  if (size === undefined || size > 8 || body + size > bytes.length) return undefined;
  return bytes.subarray(body, body + size).reduce((value, byte) => value * 256 + byte, 0);
}

/** UTF-8, which may end with zeros. */
export const textIn = (bytes: Uint8Array, { body, size = 0 }: Element) =>
  new TextDecoder().decode(bytes.subarray(body, body + size)).replace(/\0.*$/s, "");
