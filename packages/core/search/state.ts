/**
 * Whether all jobs of an owner have the rows that a search or an order of the list reads, and whether their tags are
 * counted. Jobs of earlier versions get them after the owner's first search, the first list in that order, or the first
 * request of the counts. Until then, searches and orders read the jobs themselves.
 */
import * as z from "zod";
import * as Table from "../table/index.ts";

/** Rows for the words of a job, rows for its length and its size, or the counts of its tags. */
const KINDS = ["search", "sort", "tags"] as const;
export type Kind = (typeof KINDS)[number];

export const State = z.object({
  ownerId: z.string(),
  kind: z.enum(KINDS).default("search"),
  done: z.boolean().default(false),
  /** The cursor behind the jobs that have rows. */
  cursor: z.string().optional(),
});
export type State = z.infer<typeof State>;

/** Longer than functions of the previous version still run after a deployment. */
const FIRST_DUE_MS = 120_000;

const STATE_KEYS = {
  search: Table.key.searchState,
  sort: Table.key.sortState,
  tags: Table.key.tagsState,
};
/** Under which kind reconcile finds the state: with one more, each of its runs would have eight more queries. */
const DUE_KINDS = { search: "search", sort: "sort", tags: "search" } as const;

/** True if every job of an owner has its rows of this kind. Otherwise reconcile creates what is missing. */
export async function isIndexed(ownerId: string, kind: Kind = "search"): Promise<boolean> {
  const key = STATE_KEYS[kind](ownerId);
  const row = await Table.get(key);
  if (row) return State.parse(row).done;
  const due = Table.index.due(
    DUE_KINDS[kind],
    ownerId,
    new Date(Date.now() + FIRST_DUE_MS).toISOString(),
  );
  await Table.transact([Table.put({ ...key, ownerId, kind, ...due }, "attribute_not_exists(pk)")]);
  return false;
}

/** Records the progress. Without a cursor, every job has its rows. */
export async function advance(
  { ownerId, kind }: Pick<State, "ownerId" | "kind">,
  cursor: string | undefined,
): Promise<void> {
  const ended = { done: true };
  const left = { cursor, ...Table.index.due(DUE_KINDS[kind], ownerId, new Date().toISOString()) };
  await Table.apply(
    Table.update({
      key: STATE_KEYS[kind](ownerId),
      set: cursor === undefined ? ended : left,
      remove: cursor === undefined ? ["cursor", "duePk", "dueSk"] : [],
    }),
  );
}
