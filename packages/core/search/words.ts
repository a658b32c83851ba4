/**
 * How texts become words, and words the keys of the search rows. Pure, because the page applies the same rules to live
 * changes.
 */
export interface Texts {
  title: string;
  fileName: string;
  tags?: readonly string[] | undefined;
}

/** One condition of a search. */
export interface Term {
  text: string;
  /** True if words that start with it match too. */
  prefix: boolean;
}

/** What the search rows of a video contain. */
export interface Entry {
  /** The words of the video, and its tags after a `#`. */
  words: string[];
  /** The video has one row for each of these: its words, beginnings of them, and its tags. */
  keys: string[];
}

/** A longer word is cut here, in code points. */
const WORD_LENGTH = 32;
/** The words of a video that can be found: the first ones of its title, its tags and its file name, in this order. */
export const MAX_WORDS = 20;
/** With ten tags and what else a change writes, they fit into one transaction of 100 writes. */
export const MAX_KEYS = 64;
/** The lengths of the beginnings that have rows, in code points. A search for three letters filters the row of two. */
const PREFIX_LENGTHS = [1, 2, 4, 8];

const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** The words of a text, without case, accents and punctuation. Languages without spaces are split by dictionary. */
export function wordsOf(text: string): string[] {
  // A name such as `summer_trip.mp4` is one word for the segmenter, so everything but letters and digits is a space.
  const spaced = text.normalize("NFKC").replace(/[^\p{L}\p{M}\p{N}]+/gu, " ");
  return [...segmenter.segment(spaced)].flatMap(({ segment, isWordLike }) => {
    const word = isWordLike ? cut(fold(segment), WORD_LENGTH) : "";
    return word === "" ? [] : [word];
  });
}

/** The comparable form of a tag. */
export function foldTag(tag: string): string {
  return `#${fold(tag.trim().replace(/\s+/gu, " "))}`;
}

/** The words and keys of a video. */
export function entryOf({ title, fileName, tags = [] }: Texts): Entry {
  const all = [title, ...tags, fileName].flatMap(wordsOf);
  const words = [...new Set(all)].slice(0, MAX_WORDS);
  const prefixes = words.flatMap((word) =>
    PREFIX_LENGTHS.filter((length) => length < lengthOf(word)).map((length) => cut(word, length)),
  );
  const keys = [...new Set([...words, ...prefixes])].slice(0, MAX_KEYS);
  const folded = [...new Set(tags.map(foldTag))];
  return { words: [...words, ...folded], keys: [...keys, ...folded] };
}

/** The terms of a search: whole words, and the last one as a prefix. Empty if the text has no word. */
export function termsOf(text: string, tag?: string): Term[] {
  const words = wordsOf(text);
  const last = words.length - 1;
  const all = words.map((word, at) => ({ text: word, prefix: at === last }));
  // Of the words of a long title, the first ones have rows.
  const terms = all
    .filter((term, at) => words.indexOf(term.text) === at || term.prefix)
    .slice(0, MAX_WORDS);
  return tag === undefined ? terms : [...terms, { text: foldTag(tag), prefix: false }];
}

/** True if a video with these words fulfills every term. */
export function matches(words: readonly string[], terms: readonly Term[]): boolean {
  return terms.every(({ text, prefix }) =>
    prefix ? words.some((word) => word.startsWith(text)) : words.includes(text),
  );
}

/** The key whose rows include every video that fulfills a term. */
export function keyOf({ text, prefix }: Term): string {
  const length = PREFIX_LENGTHS.findLast((one) => one <= lengthOf(text));
  return prefix && length !== undefined ? cut(text, length) : text;
}

/** NFKD without marks. Upper case first, because only it equates `ß` with `ss`. */
function fold(text: string): string {
  const bare = text.toUpperCase().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  // The final form of sigma depends on the letter that follows, which a prefix does not have.
  return bare.replaceAll("ς", "σ");
}

const lengthOf = (word: string) => [...word].length;
const cut = (word: string, length: number) => [...word].slice(0, length).join("");
