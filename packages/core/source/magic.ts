import { packetsOf } from "./mpeg-ts.ts";
import { pictureOf } from "./picture.ts";

/** Families of files that the first bytes distinguish. `audio` are formats that contain only audio. */
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

// The first box of an MP4 or QuickTime file. Files from before `ftyp` start with one of the others.
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
 * The family of a file by its first bytes. Undefined for a container that Rushes does not accept. Ignores names and
 * content types, because both can be wrong. A playlist or script named `.mp4` must never reach a prober, which would
 * open what it refers to.
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
  // Before short signatures, because stray bytes in front of the packets may match any of them.
  if (packetsOf(bytes)) return "mpeg-ts";
  if (SOUND.some((signature) => text(0, signature.length) === signature)) return "audio";
  // MPEG audio and ADTS frames start with eleven set bits. A valid version and layer follow. 0xFF 0xFE would be layer I
  // of MPEG 1, which nobody uses. It is UTF-16's byte order mark, which is common.
  const second = bytes[1] ?? 0;
  const frame = (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08;
  if (bytes[0] === 0xff && frame && second < 0xfe) return "audio";
  return undefined;
}
