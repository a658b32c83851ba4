import * as z from "zod";
import * as Table from "../table/index.ts";
import { keyOf, matches, type Term } from "./words.ts";

/** One row of a list that is sorted by id, newest first. */
export interface Candidate {
  id: string;
  words: readonly string[];
}
interface Part<C> {
  rows: C[];
  /** True if there may be rows behind the last one. */
  more: boolean;
}
export interface Found<T> {
  found: T[];
  /** The id behind which the next page begins. Undefined on the last page. */
  next: string | undefined;
}

/** The most rows that are read for one page, the jobs included. */
const MAX_ROWS = 500;
const MAX_PART = 100;
/** How many rows of each word show which word is the rarest. */
const SAMPLE = 20;
/** A search with more words samples the lists of these many. */
const MAX_LISTS = 8;

/**
 * Collects one page of `limit` results. `read` returns rows of a list from behind an id, and `load` turns those that
 * match into results, and may omit some. If a page reads too many rows, it is shorter, even empty, and has a next one.
 */
export async function collect<C extends Candidate, T extends { id: string }>(input: {
  terms: readonly Term[];
  limit: number;
  after: string | undefined;
  read(after: string | undefined, limit: number): Promise<Part<C>>;
  load(rows: C[]): Promise<T[]>;
  first?: { part: Part<C>; rows: number } | undefined;
}): Promise<Found<T>> {
  const { terms, limit, read, load, first } = input;
  const found: T[] = [];
  let rows = first?.rows ?? 0;
  let after = input.after;
  // Each row can need its job.
  const size = () => Math.min(MAX_PART, limit + 1, Math.floor((MAX_ROWS - rows) / 2));
  let part = first?.part;
  for (;;) {
    if (part === undefined) {
      part = await read(after, size());
      rows += part.rows.length;
    }
    const matching = part.rows.filter((row) => matches(row.words, terms));
    rows += matching.length;
    if (matching.length > 0) found.push(...(await load(matching)));
    if (found.length > limit) {
      const shown = found.slice(0, limit);
      return { found: shown, next: shown.at(-1)?.id };
    }
    after = part.rows.at(-1)?.id ?? after;
    if (!part.more) return { found, next: undefined };
    if (size() < 1) return { found, next: after };
    part = undefined;
  }
}

const Posting = z
  .object({ sk: z.string(), words: z.array(z.string()) })
  .transform(({ sk, words }) => ({ id: sk, words }));

/** One page of what matches every term, from the search rows of an owner. */
export async function find<T extends { id: string }>(input: {
  ownerId: string;
  terms: readonly Term[];
  limit: number;
  after: string | undefined;
  load(ids: string[]): Promise<T[]>;
}): Promise<Found<T>> {
  const { ownerId, terms, limit, after, load } = input;
  const list = await rarest(ownerId, terms, after);
  if (!list) return { found: [], next: undefined };
  return collect({
    terms,
    limit,
    after,
    first: list.first,
    read: (from, most) => readList(ownerId, list.key, from, most),
    load: (rows) => load(rows.map(({ id }) => id)),
  });
}

async function readList(
  ownerId: string,
  key: string,
  after: string | undefined,
  limit: number,
): Promise<Part<Candidate>> {
  const partition = Table.key.word(ownerId, key, "").pk;
  const { rows, more } = await Table.part({ partition, newestFirst: true, after, limit });
  return { rows: rows.map((row) => Posting.parse(row)), more };
}

/**
 * Which list to read: the one whose first rows reach back the farthest, because it is the rarest from here on. Undefined
 * if a word has no rows.
 */
async function rarest(ownerId: string, terms: readonly Term[], after: string | undefined) {
  const keys = [...new Set(terms.map(keyOf))].slice(0, MAX_LISTS);
  const [only] = keys;
  if (only === undefined) return undefined;
  if (keys.length === 1) return { key: only };
  const lists = await Promise.all(
    keys.map(async (key) => ({ key, part: await readList(ownerId, key, after, SAMPLE) })),
  );
  if (lists.some(({ part }) => part.rows.length === 0)) return undefined;
  const rows = lists.reduce((sum, { part }) => sum + part.rows.length, 0);
  const reach = ({ part }: (typeof lists)[number]) =>
    part.more ? (part.rows.at(-1)?.id ?? "") : "";
  const [best] = lists.sort((a, b) => (reach(a) < reach(b) ? -1 : 1));
  return best && { key: best.key, first: { part: best.part, rows } };
}
