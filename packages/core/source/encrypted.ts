import { type Element, elements, ID } from "./ebml.ts";
import type { Family } from "./magic.ts";
import { packetsOf } from "./mpeg-ts.ts";
import type { Read } from "./read.ts";
import { boxes, topBoxes } from "./whole.ts";

/** Enough of the index for its first track, up to the names of the formats. */
const INDEX_BYTES = 16 * 1024;
/** Track formats that are encrypted: common encryption (ISO 23001-7) and Apple's FairPlay. */
const ENCRYPTED_FORMATS = new Set(["encv", "enca", "drmi", "drms"]);
/** ASF's Content Encryption Object and Extended Content Encryption Object: the bytes of their GUIDs in a file. */
const ASF_OBJECTS = ["fbb3112223bdd211b4b700a0c955fc6e", "14e68a292226174cb935dae07ee9289c"];
/** MXF's label of an encrypted essence container (SMPTE 429-6). */
const MXF_LABEL = "060e2b34040101070d010301020b0100";

/**
 * Whether a file's tracks are encrypted, according to its headers. `head` is the file's start. Reads only what
 * `isWhole` reads too.
 */
export async function isEncrypted(
  family: Family,
  sizeBytes: number,
  head: Uint8Array,
  read: Read,
): Promise<boolean> {
  switch (family) {
    case "iso":
      return isoIsEncrypted(sizeBytes, read);
    case "matroska":
      return matroskaIsEncrypted(head);
    case "mpeg-ts":
      return isScrambled(head);
    case "asf":
      return ASF_OBJECTS.some((object) => has(head, object));
    case "mxf":
      return has(head, MXF_LABEL);
    default:
      return false;
  }
}

async function isoIsEncrypted(sizeBytes: number, read: Read): Promise<boolean> {
  return (await trackFormats(sizeBytes, read)).some((format) => ENCRYPTED_FORMATS.has(format));
}

/** The formats of the first tracks of an MP4 or QuickTime file. Empty for a track without one. */
async function trackFormats(sizeBytes: number, read: Read): Promise<string[]> {
  for await (const box of topBoxes(sizeBytes, read)) {
    if (box.type !== "moov") continue;
    const index = await read(box.offset, Math.min(INDEX_BYTES, box.length));
    return [...boxes(index, 8, index.length)]
      .filter(({ type }) => type === "trak")
      .map(({ offset }) => formatOf(index, offset) ?? "");
  }
  return [];
}

/** The format of a track: the name of its first sample entry. */
function formatOf(index: Uint8Array, offset: number): string | undefined {
  let at = offset;
  for (const name of ["mdia", "minf", "stbl", "stsd"]) {
    const inner = [...boxes(index, at + 8, index.length)].find((box) => box.type === name);
    if (!inner) return undefined;
    at = inner.offset;
  }
  // A header of 8 bytes, version and flags, the count and the entry's length. Then its name.
  return String.fromCharCode(...index.subarray(at + 20, at + 24));
}

function matroskaIsEncrypted(head: Uint8Array): boolean {
  const path = [ID.segment, ID.tracks, ID.track, ID.encodings, ID.encoding, ID.encryption];
  const holds = (from: number, to: number, depth: number): boolean => {
    for (const one of elements(head, from, to)) {
      if (one.id !== path[depth]) continue;
      if (depth === path.length - 1 || holds(one.body, end(one), depth + 1)) return true;
    }
    return false;
  };
  const end = (one: Element) => (one.size === undefined ? head.length : one.body + one.size);
  return holds(0, head.length, 0);
}

/** True if most packets with a payload are marked as scrambled. Tables never are. */
function isScrambled(head: Uint8Array): boolean {
  const packets = packetsOf(head);
  if (!packets) return false;
  let scrambled = 0;
  let clear = 0;
  for (let at = packets.offset; at + 3 < head.length; at += packets.spacing) {
    const pid = (((head[at + 1] ?? 0) & 0x1f) << 8) | (head[at + 2] ?? 0);
    const hasPayload = ((head[at + 3] ?? 0) & 0x10) !== 0;
    if (head[at] !== 0x47 || pid < 0x20 || pid === 0x1fff || !hasPayload) continue;
    if (((head[at + 3] ?? 0) & 0xc0) === 0) clear += 1;
    else scrambled += 1;
  }
  return scrambled > clear;
}

function has(head: Uint8Array, hex: string): boolean {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes(
    Buffer.from(hex, "hex"),
  );
}
