import { languageTag } from "../language.ts";
import { Bytes, body, find, first, inside } from "./iso-boxes.ts";
import type { Read } from "./read.ts";
import type { SourceTrack } from "./schema.ts";
import { type Box, topBoxes } from "./whole.ts";

/** The handlers of tracks with sound and with subtitles (ISO 14496-12, QuickTime File Format, and Nero's `subp`). */
const TYPES: Readonly<Record<string, SourceTrack["type"]>> = {
  soun: "audio",
  ...{ text: "text", sbtl: "text", subt: "text", subp: "text", clcp: "text" },
};
/** A bit of a track header. A disabled track is an alternative, such as another language. */
const IS_ENABLED = 1;

/** The tracks of an MP4 or QuickTime file. A list of chapters is no subtitles, and neither is a timecode. */
export async function isoTracks(sizeBytes: number, read: Read): Promise<SourceTrack[]> {
  const movie = await first(topBoxes(sizeBytes, read), "moov");
  if (!movie) return [];
  const tracks: (SourceTrack & { id: number })[] = [];
  const chapters = new Set<number>();
  for await (const box of inside(read, movie)) {
    if (box.type !== "trak") continue;
    tracks.push(await trackOf(read, box));
    for (const id of await chapterIds(read, box)) chapters.add(id);
  }
  return tracks.map(({ id, ...track }) => (chapters.has(id) ? { ...track, type: "other" } : track));
}

async function trackOf(read: Read, track: Box): Promise<SourceTrack & { id: number }> {
  const bytesOf = async (...path: string[]) => {
    const box = await find(read, track, ...path);
    return box ? body(read, box) : new Bytes(new Uint8Array());
  };
  const header = await bytesOf("tkhd");
  const media = await bytesOf("mdia", "mdhd");
  const handler = await bytesOf("mdia", "hdlr");
  // Version, flags and the count, then an entry: its length and its name.
  const entries = await bytesOf("mdia", "minf", "stbl", "stsd");
  return {
    id: header.uint(header.uint(0, 1) === 0 ? 12 : 20, 4),
    type: TYPES[handler.text(8, 4)] ?? "other",
    format: entries.text(12, 4),
    language: languageTag(packedLanguage(media.uint(media.uint(0, 1) === 0 ? 20 : 32, 2))),
    isDefault: (header.uint(1, 2) * 256 + header.uint(3, 1)) % 2 === IS_ENABLED,
  };
}

/** Three letters of five bits each (ISO 14496-12). QuickTime's older numbers of languages have none. */
function packedLanguage(code: number): string | undefined {
  const letters = [10, 5, 0].map((shift) => 0x60 + ((code >> shift) & 0x1f));
  return String.fromCharCode(...letters);
}

async function chapterIds(read: Read, track: Box): Promise<number[]> {
  const names = await find(read, track, "tref", "chap");
  const ids = names && (await body(read, names));
  if (!ids) return [];
  return Array.from({ length: Math.floor(ids.all.length / 4) }, (_, at) => ids.uint(4 * at, 4));
}
