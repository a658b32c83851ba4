import { type Element, element, ID } from "./ebml.ts";
import type { Read } from "./read.ts";

/** A file has some ten elements before its first cluster. */
const MOST_ELEMENTS = 40;

/** The elements of the first segment of a Matroska or WebM file, up to its first cluster. */
export async function* segmentElements(read: Read): AsyncGenerator<Element & { segment: Element }> {
  const header = await elementAt(read, 0);
  const segment =
    header?.size === undefined ? undefined : await elementAt(read, header.body + header.size);
  if (segment?.id !== ID.segment) return;
  let offset = segment.body;
  for (let n = 0; n < MOST_ELEMENTS; n += 1) {
    const found = await elementAt(read, offset);
    if (!found || found.size === undefined || found.id === ID.cluster) return;
    yield { ...found, segment };
    offset = found.body + found.size;
  }
}

/** The first element with this id before the first cluster. */
export async function segmentElement(read: Read, id: number): Promise<Element | undefined> {
  for await (const found of segmentElements(read)) if (found.id === id) return found;
  return undefined;
}

/** The element at an offset of the file. */
export async function elementAt(read: Read, offset: number): Promise<Element | undefined> {
  const found = element(await read(offset, 16), 0);
  return found && { ...found, body: found.body + offset };
}
