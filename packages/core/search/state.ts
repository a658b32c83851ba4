/**
 * Whether all jobs of an owner have search rows. Jobs of earlier versions get them after the owner's first search. Until
 * then, a search reads the jobs themselves.
 */
import * as z from "zod";
import * as Table from "../table/index.ts";

export const State = z.object({
  ownerId: z.string(),
  done: z.boolean().default(false),
  /** The cursor behind the jobs that have rows. */
  cursor: z.string().optional(),
});
export type State = z.infer<typeof State>;

/** Longer than functions of the previous version still run after a deployment. */
const FIRST_DUE_MS = 120_000;

/** True if every job of an owner has its rows. Otherwise reconcile creates what is missing. */
export async function isIndexed(ownerId: string): Promise<boolean> {
  const key = Table.key.searchState(ownerId);
  const row = await Table.get(key);
  if (row) return State.parse(row).done;
  const due = Table.index.due("search", ownerId, new Date(Date.now() + FIRST_DUE_MS).toISOString());
  await Table.transact([Table.put({ ...key, ownerId, ...due }, "attribute_not_exists(pk)")]);
  return false;
}

/** Records the progress. Without a cursor, every job has its rows. */
export async function advance(ownerId: string, cursor: string | undefined): Promise<void> {
  const key = Table.key.searchState(ownerId);
  const ended = { done: true };
  const left = { cursor, ...Table.index.due("search", ownerId, new Date().toISOString()) };
  await Table.apply(
    Table.update({
      key,
      set: cursor === undefined ? ended : left,
      remove: cursor === undefined ? ["cursor", "duePk", "dueSk"] : [],
    }),
  );
}
