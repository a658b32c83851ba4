import { oneLine } from "../one-line.ts";
import { isoChapters } from "./iso-chapters.ts";
import type { Family } from "./magic.ts";
import { matroskaChapters } from "./matroska-chapters.ts";
import type { Read } from "./read.ts";
import type { Chapter, RawChapter } from "./schema.ts";

/** More than a menu can show. A job's row has at most 400 kB. */
export const MOST_CHAPTERS = 100;
const MOST_CHARACTERS = 100;

/**
 * The chapters of an MP4, QuickTime, Matroska or WebM file, in order. Empty for other files, and for data that is
 * damaged. Reads headers, and the texts of a QuickTime chapter track. MediaConvert's Probe does not report chapters.
 */
export async function chaptersOf(
  family: Family,
  sizeBytes: number,
  read: Read,
): Promise<Chapter[]> {
  if (family === "iso") return cleaned(await isoChapters(sizeBytes, read));
  if (family === "matroska") return cleaned(await matroskaChapters(read));
  return [];
}

/** Sorted, one for each time, with titles of one line. A chapter without a title has its number. */
export function cleaned(chapters: readonly RawChapter[]): Chapter[] {
  const byStart = new Map<number, string>();
  for (const { seconds, title } of chapters) {
    const startMs = Math.round(seconds * 1000);
    if (startMs >= 0 && Number.isSafeInteger(startMs) && !byStart.has(startMs)) {
      byStart.set(startMs, line(title));
    }
  }
  return [...byStart]
    .sort(([a], [b]) => a - b)
    .slice(0, MOST_CHAPTERS)
    .map(([startMs, title], at) => ({ startMs, title: title || `Chapter ${at + 1}` }));
}

function line(title: string): string {
  return Array.from(oneLine(title)).slice(0, MOST_CHARACTERS).join("").trim();
}
