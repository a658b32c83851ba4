import * as z from "zod";
import { foldTag } from "../search/words.ts";

/** The most tags of one video. Each is a row of the search, and all of them fit into one transaction. */
export const MAX_TAGS = 10;
/** The maximum length of a tag, in UTF-16 units. */
export const MAX_TAG_LENGTH = 40;

/** A tag as it is stored and shown: composed, and without spaces around it or several in a row. */
export const Tag = z
  .string()
  .max(200)
  .transform((text) => text.normalize("NFC").trim().replace(/\s+/gu, " "))
  .pipe(z.string().min(1).max(MAX_TAG_LENGTH));

/** The tags after a change. Tags that differ only in case or accents are the same, and the first spelling stays. */
export function changeTags(
  tags: readonly string[],
  { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
): string[] {
  const removed = new Set(remove.map(foldTag));
  const next = new Map<string, string>();
  for (const tag of [...tags.filter((one) => !removed.has(foldTag(one))), ...add]) {
    const folded = foldTag(tag);
    if (!next.has(folded)) next.set(folded, tag);
  }
  return [...next.values()];
}
