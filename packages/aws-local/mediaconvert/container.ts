import { packetsOf } from "@rushes/core/source/mpeg-ts";
import { pictureOf } from "@rushes/core/source/picture";

/**
 * The allowed containers, by ffmpeg's names. Playlists are not allowed: they open other files, which
 * would let an upload read files of this machine.
 */
export const FORMAT_WHITELIST = [
  "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv",
  "asf,ogg,mxf,mpegvideo,wav,mp3,aac,flac,ac3,eac3",
].join(",");

const BOXES = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "styp", "uuid"];

const at = (bytes: Uint8Array, from: number, length: number) =>
  Buffer.from(bytes.subarray(from, from + length)).toString("latin1");
const starts = (bytes: Uint8Array, ...values: number[]) =>
  values.every((value, index) => bytes[index] === value);

/**
 * Detects a container by its first bytes (about 10 KiB), so that a text file with any name never reaches
 * ffmpeg. Returns Probe's name, `flv` for the container that Probe has no name for, or undefined.
 */
export function detectContainer(bytes: Uint8Array): string | undefined {
  if (pictureOf(bytes)) return undefined;
  const box = at(bytes, 4, 4);
  if (box === "ftyp") return brand(at(bytes, 8, 4));
  if (BOXES.includes(box)) return "quicktime";
  if (starts(bytes, 0x1a, 0x45, 0xdf, 0xa3)) {
    return at(bytes, 0, 64).includes("webm") ? "webm" : "matroska";
  }
  if (at(bytes, 0, 4) === "RIFF") {
    if (at(bytes, 8, 3) === "AVI") return "avi";
    if (at(bytes, 8, 4) === "WAVE") return "wave";
  }
  if (starts(bytes, 0x00, 0x00, 0x01, 0xba) || starts(bytes, 0x00, 0x00, 0x01, 0xb3)) {
    return "mpegps";
  }
  if (at(bytes, 0, 3) === "FLV") return "flv";
  if (starts(bytes, 0x30, 0x26, 0xb2, 0x75)) return "asf";
  if (at(bytes, 0, 4) === "OggS") return "ogg";
  if (starts(bytes, 0x06, 0x0e, 0x2b, 0x34)) return "mxf";
  // Before the formats with short signatures: other bytes before the packets can look like any of them.
  if (packetsOf(bytes)) return "mpegts";
  if (at(bytes, 0, 4) === "fLaC") return "flac";
  if (starts(bytes, 0x0b, 0x77)) return "ac3";
  if (at(bytes, 0, 3) === "ID3") return "mp3";
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0) return "aac";
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2) return "mp3";
  return undefined;
}

function brand(name: string): string {
  if (name === "qt  ") return "quicktime";
  if (name.startsWith("3gp")) return "three_gp";
  if (name.startsWith("3g2")) return "three_g2";
  return "mp4";
}
