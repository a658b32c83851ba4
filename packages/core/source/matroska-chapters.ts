import { type Element, element, elements, ID, unsigned } from "./ebml.ts";
import type { RawChapter } from "./schema.ts";
import type { Read } from "./whole.ts";

/** Chapters that need more have pictures or scripts in them. */
const MOST_BYTES = 256 * 1024;
/** A file has some ten elements before its first cluster. */
const MOST_ELEMENTS = 40;

/**
 * The chapters of the first edition of a Matroska or WebM file (RFC 9559, section 20), without those that are hidden
 * and without nested ones. They are before the first cluster, or where the file's index says.
 */
export async function matroskaChapters(read: Read): Promise<RawChapter[]> {
  const header = await at(read, 0);
  const segment =
    header?.size === undefined ? undefined : await at(read, header.body + header.size);
  if (segment?.id !== ID.segment) return [];
  let indexed: number | undefined;
  let offset = segment.body;
  for (let n = 0; n < MOST_ELEMENTS; n += 1) {
    const found = await at(read, offset);
    if (!found || found.size === undefined || found.id === ID.cluster) break;
    if (found.id === ID.chapters) return editionOf(await body(read, found));
    if (found.id === ID.seekHead) indexed ??= positionOf(await body(read, found));
    offset = found.body + found.size;
  }
  const last = indexed === undefined ? undefined : await at(read, segment.body + indexed);
  return last?.id === ID.chapters ? editionOf(await body(read, last)) : [];
}

/** The element at an offset of the file. */
async function at(read: Read, offset: number): Promise<Element | undefined> {
  const found = element(await read(offset, 16), 0);
  return found && { ...found, body: found.body + offset };
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
    return [{ seconds: nanoseconds / 1e9, title: title ? textOf(bytes, title) : "" }];
  });
}

/** The elements with this id in the body of another one, or in all bytes. */
function inside(bytes: Uint8Array, parent: Element | undefined, id: number): Element[] {
  const from = parent?.body ?? 0;
  const to = parent ? from + (parent.size ?? 0) : bytes.length;
  return [...elements(bytes, from, to)].filter((one) => one.id === id);
}

/** UTF-8, which may end with zeros. */
const textOf = (bytes: Uint8Array, { body: from, size = 0 }: Element) =>
  new TextDecoder().decode(bytes.subarray(from, from + size)).replace(/\0.*$/s, "");
