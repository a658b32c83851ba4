/** Chapters of MP4 and QuickTime files. */
import { Bytes, body, find, first, inside } from "./iso-boxes.ts";
import type { Read } from "./read.ts";
import type { RawChapter } from "./schema.ts";
import { type Box, topBoxes } from "./whole.ts";

/** Each text may be a request. */
const MOST_TEXTS = 100;

/**
 * The chapters in Nero's `chpl` box, which most programs write, else those of the text track that another track names
 * as its chapters (QuickTime File Format, "Chapter lists").
 */
export async function isoChapters(sizeBytes: number, read: Read): Promise<RawChapter[]> {
  const movie = await first(topBoxes(sizeBytes, read), "moov");
  if (!movie) return [];
  const list = await find(read, movie, "udta", "chpl");
  const listed = list ? chapterList(await body(read, list)) : [];
  return listed.length > 0 ? listed : chapterTrack(read, movie);
}

/** Version and flags, in version 1 four more bytes, and the count. Then times in 100 ns and texts with their length. */
function chapterList(box: Bytes): RawChapter[] {
  let at = box.uint(0, 1) === 0 ? 4 : 8;
  const count = box.uint(at, 1);
  at += 1;
  const chapters: RawChapter[] = [];
  for (let n = 0; n < count && at + 9 <= box.all.length; n += 1) {
    const end = at + 9 + box.uint(at + 8, 1);
    chapters.push({
      seconds: box.uint64(at) / 1e7,
      title: box.all.subarray(at + 9, end).toString("utf8"),
    });
    at = end;
  }
  return chapters;
}

async function chapterTrack(read: Read, movie: Box): Promise<RawChapter[]> {
  const tracks: { track: Box; id: number }[] = [];
  const named = new Set<number>();
  for await (const track of inside(read, movie)) {
    if (track.type !== "trak") continue;
    const header = await find(read, track, "tkhd");
    if (!header) continue;
    const bytes = await body(read, header);
    tracks.push({ track, id: bytes.uint(bytes.uint(0, 1) === 0 ? 12 : 20, 4) });
    const names = await find(read, track, "tref", "chap");
    const ids = names && (await body(read, names));
    for (let at = 0; ids && at + 4 <= ids.all.length; at += 4) named.add(ids.uint(at, 4));
  }
  for (const { track, id } of tracks) {
    const handler = named.has(id) ? await find(read, track, "mdia", "hdlr") : undefined;
    // The other kind of chapter track has pictures.
    const isText =
      handler && (await body(read, handler)).all.subarray(8, 12).toString("latin1") === "text";
    if (isText) return texts(read, track);
  }
  return [];
}

async function texts(read: Read, track: Box): Promise<RawChapter[]> {
  const table = async (...path: string[]) => {
    const box = await find(read, track, "mdia", ...path);
    return box && (await body(read, box));
  };
  const header = await table("mdhd");
  const [times, sizes, groups, offsets32] = await Promise.all(
    ["stts", "stsz", "stsc", "stco"].map((type) => table("minf", "stbl", type)),
  );
  const offsets64 = offsets32 ? undefined : await table("minf", "stbl", "co64");
  const offsets = offsets32 ?? offsets64;
  if (!header || !times || !sizes || !groups || !offsets) return [];
  const scale = header.uint(header.uint(0, 1) === 0 ? 12 : 20, 4);
  if (scale === 0) return [];
  const starts = startsOf(times);
  const places = placesOf(sizes, groups, (chunk) =>
    offsets64 ? offsets64.uint64(8 + 8 * chunk) : offsets.uint(8 + 4 * chunk, 4),
  );
  const chapters: RawChapter[] = [];
  // In their order: neighbors are in one block, which one request reads.
  for (const [at, { offset, length }] of places.entries()) {
    const start = starts[at];
    if (start === undefined || length < 2 || offset === 0) break;
    const text = new Bytes(await read(offset, Math.min(length, 1024)));
    chapters.push({ seconds: start / scale, title: textOf(text) });
  }
  return chapters;
}

/** When each sample starts, in units of the track. */
function startsOf(times: Bytes): number[] {
  const starts: number[] = [];
  let time = 0;
  for (let entry = 0; entry < times.uint(4, 4) && 8 + 8 * entry < times.all.length; entry += 1) {
    const count = times.uint(8 + 8 * entry, 4);
    for (let n = 0; n < count && starts.length < MOST_TEXTS; n += 1) {
      starts.push(time);
      time += times.uint(12 + 8 * entry, 4);
    }
  }
  return starts;
}

/** Where each sample is. Each entry of `groups` says how many are in a chunk, up to the next entry's first chunk. */
function placesOf(sizes: Bytes, groups: Bytes, chunkAt: (chunk: number) => number) {
  const places: { offset: number; length: number }[] = [];
  const count = Math.min(sizes.uint(8, 4), MOST_TEXTS);
  const size = (sample: number) => sizes.uint(4, 4) || sizes.uint(12 + 4 * sample, 4);
  let group = 0;
  for (let chunk = 0; places.length < count; chunk += 1) {
    if (group + 1 < groups.uint(4, 4) && groups.uint(8 + 12 * (group + 1), 4) <= chunk + 1) {
      group += 1;
    }
    const inChunk = groups.uint(12 + 12 * group, 4);
    let offset = chunkAt(chunk);
    if (inChunk === 0 || offset === 0) break;
    for (let n = 0; n < inChunk && places.length < count; n += 1) {
      const length = size(places.length);
      places.push({ offset, length });
      offset += length;
    }
  }
  return places;
}

/** A text with its length before it, in UTF-8 or, after a byte order mark, in UTF-16. */
function textOf(sample: Bytes): string {
  const text = sample.all.subarray(2, 2 + sample.uint(0, 2));
  const isWide = text[0] === 0xfe && text[1] === 0xff;
  return new TextDecoder(isWide ? "utf-16be" : "utf-8").decode(text);
}
