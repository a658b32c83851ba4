import { PACKETS_BYTES, packetsOf } from "./mpeg-ts.ts";
import { pictureOf } from "./picture.ts";

/** Families of files that the first bytes can tell apart. `audio` are formats that hold sound only. */
export type Family =
  | "iso"
  | "matroska"
  | "avi"
  | "mpeg-ts"
  | "mpeg-ps"
  | "flv"
  | "asf"
  | "ogg"
  | "mxf"
  | "audio"
  | "picture"
  | "animated-picture";

/** How many bytes of the file `familyOf` may want to see. */
export const MAGIC_BYTES = PACKETS_BYTES;

// What may stand first in an MP4 or QuickTime file; files from before `ftyp` start with the others.
const FIRST_BOXES = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "styp"]);

// ID3 and FLAC; AIFF, AMR, CAF, Sun audio, AC-3, WavPack, Monkey's Audio, DSD, MIDI.
const SOUND = [
  "ID3",
  "fLaC",
  "FORM",
  "#!AMR",
  "caff",
  ".snd",
  "\x0b\x77",
  "wvpk",
  "MAC ",
  "DSD ",
  "MThd",
];

/**
 * The family of a file by its first bytes; undefined when it is no container that we accept. Names and
 * content types are not asked, because both lie; and a playlist or script that calls itself `.mp4`
 * must never reach a prober, which would open what it points at.
 */
export function familyOf(bytes: Uint8Array): Family | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const starts = (...expected: number[]) => expected.every((byte, at) => bytes[at] === byte);
  const picture = pictureOf(bytes);
  if (picture) return picture === "still" ? "picture" : "animated-picture";
  if (FIRST_BOXES.has(text(4, 8))) return "iso";
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return "matroska";
  if (["RIFF", "RF64", "BW64"].includes(text(0, 4))) {
    if (text(8, 12) === "AVI ") return "avi";
    return text(8, 12) === "WAVE" ? "audio" : undefined;
  }
  if (text(0, 4) === "OggS") return "ogg";
  if (text(0, 3) === "FLV") return "flv";
  if (starts(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return "asf";
  if (starts(0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01)) return "mxf";
  if (starts(0x00, 0x00, 0x01, 0xba) || starts(0x00, 0x00, 0x01, 0xb3)) return "mpeg-ps";
  // Before what has short signatures: stray bytes in front of the packets may look like anything.
  if (packetsOf(bytes)) return "mpeg-ts";
  if (SOUND.some((signature) => text(0, signature.length) === signature)) return "audio";
  // MPEG audio and ADTS frames start with eleven set bits; a version and layer that exist follow.
  // 0xFF 0xFE would be layer I of MPEG 1, which nobody sends, and is UTF-16's mark, which people do.
  const second = bytes[1] ?? 0;
  const frame = (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08;
  if (bytes[0] === 0xff && frame && second < 0xfe) return "audio";
  return undefined;
}
