import { languageTag } from "../language.ts";
import { packetsOf } from "./mpeg-ts.ts";
import type { SourceTrack } from "./schema.ts";

const PAT_PID = 0;
const PAT_TABLE = 0;
const PMT_TABLE = 2;
/** ISO 13818-1: a section of program data has at most this many bytes. */
const MOST_SECTION_BYTES = 1024;
/** Descriptors of ETSI EN 300 468, and the bytes of one of their languages. */
const SUBTITLES = { 89: 8, 86: 5 } as const;
/** Teletext pages that are subtitles: for all, and for the hard of hearing. */
const TELETEXT_SUBTITLES = [2, 5];

/** The DVB and teletext subtitles that the first program of a transport stream names. Its other tracks are left out. */
export function transportTracks(head: Uint8Array): SourceTrack[] {
  const programs = section(head, PAT_PID, PAT_TABLE);
  for (let at = 8; programs && at + 4 <= programs.length; at += 4) {
    const isNetwork = uint16(programs, at) === 0;
    if (!isNetwork) return subtitlesOf(section(head, uint16(programs, at + 2) & 0x1fff, PMT_TABLE));
  }
  return [];
}

function subtitlesOf(map: Uint8Array | undefined): SourceTrack[] {
  if (!map) return [];
  const found: SourceTrack[] = [];
  let at = 12 + (uint16(map, 10) & 0xfff);
  while (at + 5 <= map.length) {
    const from = at + 5;
    at = from + (uint16(map, at + 3) & 0xfff);
    found.push(...languagesOf(map.subarray(from, at)));
  }
  return found;
}

/** One track for each language of the descriptors of an elementary stream. */
function languagesOf(descriptors: Uint8Array): SourceTrack[] {
  const found: SourceTrack[] = [];
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    const tag = descriptors[at];
    if (tag !== 0x59 && tag !== 0x56) continue;
    const end = Math.min(at + 2 + (descriptors[at + 1] ?? 0), descriptors.length);
    for (let entry = at + 2; entry + SUBTITLES[tag] <= end; entry += SUBTITLES[tag]) {
      const page = (descriptors[entry + 3] ?? 0) >> 3;
      if (tag === 0x56 && !TELETEXT_SUBTITLES.includes(page)) continue;
      const code = String.fromCharCode(...descriptors.subarray(entry, entry + 3));
      const format = tag === 0x59 ? "DVB subtitles" : "teletext";
      found.push({ type: "text", format, language: languageTag(code), isDefault: false });
    }
  }
  return found;
}

/** The first section of a table, without its checksum. It may begin in one packet and end in others. */
function section(head: Uint8Array, pid: number, table: number): Uint8Array | undefined {
  const packets = packetsOf(head);
  if (!packets) return undefined;
  const bytes: number[] = [];
  for (let at = packets.offset; at + 188 <= head.length; at += packets.spacing) {
    const payload = payloadOf(head.subarray(at, at + 188), pid, bytes.length === 0);
    if (payload) bytes.push(...payload);
    if (bytes.length > 0 && bytes[0] !== table) bytes.length = 0;
    const length = 3 + (((bytes[1] ?? 0) & 0x0f) << 8) + (bytes[2] ?? 0);
    if (bytes.length >= 3 && length > MOST_SECTION_BYTES) return undefined;
    if (bytes.length >= 3 && bytes.length >= length)
      return Uint8Array.from(bytes.slice(0, length - 4));
  }
  return undefined;
}

/** What a packet of this id carries: from the start of a section, or all that follows one. */
function payloadOf(packet: Uint8Array, pid: number, isFirst: boolean): Uint8Array | undefined {
  if ((uint16(packet, 1) & 0x1fff) !== pid) return undefined;
  const control = ((packet[3] ?? 0) >> 4) & 3;
  if ((control & 1) === 0) return undefined;
  const start = control === 3 ? 5 + (packet[4] ?? 0) : 4;
  if (!isFirst) return packet.subarray(start);
  const startsSection = ((packet[1] ?? 0) & 0x40) !== 0;
  return startsSection ? packet.subarray(start + 1 + (packet[start] ?? 0)) : undefined;
}

const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
