/**
 * Whether all jobs of an owner have the rows that a search or an order of the list reads. Jobs of earlier versions get
 * them after the owner's first search, or the first list in that order. Until then, both read the jobs themselves.
 */
import * as z from "zod";
import * as Table from "../table/index.ts";

/** Rows for the words of a job, or rows for its length and its size. */
const KINDS = ["search", "sort"] as const;
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

const keyOf = (ownerId: string, kind: Kind) =>
  kind === "search" ? Table.key.searchState(ownerId) : Table.key.sortState(ownerId);

/** True if every job of an owner has its rows of this kind. Otherwise reconcile creates what is missing. */
export async function isIndexed(ownerId: string, kind: Kind = "search"): Promise<boolean> {
  const key = keyOf(ownerId, kind);
  const row = await Table.get(key);
  if (row) return State.parse(row).done;
  const due = Table.index.due(kind, ownerId, new Date(Date.now() + FIRST_DUE_MS).toISOString());
  await Table.transact([Table.put({ ...key, ownerId, kind, ...due }, "attribute_not_exists(pk)")]);
  return false;
}

/** Records the progress. Without a cursor, every job has its rows. */
export async function advance(
  { ownerId, kind }: Pick<State, "ownerId" | "kind">,
  cursor: string | undefined,
): Promise<void> {
  const ended = { done: true };
  const left = { cursor, ...Table.index.due(kind, ownerId, new Date().toISOString()) };
  await Table.apply(
    Table.update({
      key: keyOf(ownerId, kind),
      set: cursor === undefined ? ended : left,
      remove: cursor === undefined ? ["cursor", "duePk", "dueSk"] : [],
    }),
  );
}
