import { type Element, elements, ID, textIn, unsigned } from "./ebml.ts";
import { elementAt, segmentElements } from "./matroska.ts";
import type { Read } from "./read.ts";
import type { RawChapter } from "./schema.ts";

/** Chapters that need more have pictures or scripts in them. */
const MOST_BYTES = 256 * 1024;

/**
 * The chapters of the first edition of a Matroska or WebM file (RFC 9559, section 20), without those that are hidden
 * and without nested ones. They are before the first cluster, or where the file's index says.
 */
export async function matroskaChapters(read: Read): Promise<RawChapter[]> {
  let indexed: number | undefined;
  for await (const found of segmentElements(read)) {
    if (found.id === ID.chapters) return editionOf(await body(read, found));
    if (found.id !== ID.seekHead || indexed !== undefined) continue;
    const position = positionOf(await body(read, found));
    if (position !== undefined) indexed = found.segment.body + position;
  }
  const last = indexed === undefined ? undefined : await elementAt(read, indexed);
  return last?.id === ID.chapters ? editionOf(await body(read, last)) : [];
}

const body = (read: Read, { body: offset, size = 0 }: Element) =>
  read(offset, Math.min(size, MOST_BYTES));

/** Where the index says that the chapters are, from the start of the segment's body. */
function positionOf(index: Uint8Array): number | undefined {
  for (const entry of inside(index, undefined, ID.seek)) {
    const [id] = inside(index, entry, ID.seekId);
    const [position] = inside(index, entry, ID.seekPosition);
    if (id && position && unsigned(index, id) === ID.chapters) return unsigned(index, position);
  }
  return undefined;
}

function editionOf(bytes: Uint8Array): RawChapter[] {
  const [edition] = inside(bytes, undefined, ID.edition);
  if (!edition) return [];
  return inside(bytes, edition, ID.chapter).flatMap((chapter) => {
    const [start] = inside(bytes, chapter, ID.chapterStart);
    const [hidden] = inside(bytes, chapter, ID.chapterHidden);
    const nanoseconds = start && unsigned(bytes, start);
    if (nanoseconds === undefined || (hidden && unsigned(bytes, hidden) === 1)) return [];
    const [display] = inside(bytes, chapter, ID.chapterDisplay);
    const [title] = display ? inside(bytes, display, ID.chapterTitle) : [];
    return [{ seconds: nanoseconds / 1e9, title: title ? textIn(bytes, title) : "" }];
  });
}

/** The elements with this id in the body of another one, or in all bytes. */
function inside(bytes: Uint8Array, parent: Element | undefined, id: number): Element[] {
  const from = parent?.body ?? 0;
  const to = parent ? from + (parent.size ?? 0) : bytes.length;
  return [...elements(bytes, from, to)].filter((one) => one.id === id);
}
