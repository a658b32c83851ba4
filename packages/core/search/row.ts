/**
 * The search rows of a job. They are written in the transaction that creates the job or changes its words, and read only
 * as a hint: a search compares the job itself too. So rows that a change leaves over can be deleted later.
 */
import * as z from "zod";
import * as Table from "../table/index.ts";
import { countWrites, foldedTags } from "./tags.ts";
import { entryOf, type Texts } from "./words.ts";

/** A job, as far as search is concerned. */
export interface Searched extends Texts {
  id: string;
  ownerId: string;
}

const Strings = z.array(z.string());
/** Which search rows a job has. */
export const Indexed = z.object({
  ownerId: z.string(),
  keys: Strings,
  /** Keys of rows that a change has left over. */
  stale: Strings.default([]),
  /** The comparable forms of the tags that are counted. Absent if an earlier version has indexed the job. */
  counted: Strings.optional(),
  /** Increases with each change. */
  version: z.number().int(),
});
export type Indexed = z.infer<typeof Indexed>;

/** What is left over is deleted in parts that fit into a transaction. */
const MAX_DELETES = 90;

/** Which search rows a job has. Undefined if it was created by an earlier version. */
export async function read(jobId: string): Promise<Indexed | undefined> {
  const row = await Table.get(Table.key.indexed(jobId));
  return row && Indexed.parse(row);
}

/** The writes that index a job in its current form. Their transaction fails if it was indexed since `before`. */
export function writes(job: Searched, before: Indexed | undefined): Table.Write[] {
  const { id, ownerId } = job;
  const { words, keys } = entryOf(job);
  const stale = [...(before?.keys ?? []), ...(before?.stale ?? [])];
  const indexed: Indexed = {
    ownerId,
    keys,
    stale: [...new Set(stale)].filter((key) => !keys.includes(key)),
    counted: foldedTags(job.tags),
    version: (before?.version ?? 0) + 1,
  };
  return [
    {
      Put: {
        TableName: Table.tableName(),
        Item: { ...Table.key.indexed(id), ...indexed },
        ConditionExpression: before ? "#version = :version" : "attribute_not_exists(pk)",
        ExpressionAttributeNames: before && { "#version": "version" },
        ExpressionAttributeValues: before && { ":version": before.version },
      },
    },
    ...keys.map((key) => Table.put({ ...Table.key.word(ownerId, key, id), words })),
    ...countWrites(ownerId, job.tags ?? [], before?.counted ?? []),
  ];
}

/** Deletes the rows that changes have left over, unless the job changes again in the meantime. Safe to repeat. */
export async function removeStale(jobId: string): Promise<void> {
  const indexed = await read(jobId);
  if (!indexed || indexed.stale.length === 0) return;
  const { ownerId, stale, version } = indexed;
  await Table.transact([
    {
      Update: Table.update({
        key: Table.key.indexed(jobId),
        set: { stale: stale.slice(MAX_DELETES) },
        condition: "#version = :version",
        values: { ":version": version },
      }),
    },
    ...stale.slice(0, MAX_DELETES).map((key) => ({
      Delete: { TableName: Table.tableName(), Key: Table.key.word(ownerId, key, jobId) },
    })),
  ]);
}

/**
 * Deletes all search rows of a job that is deleted, given its row of `key.indexed`, and no longer counts its tags. Safe to
 * repeat.
 */
export async function removeRows(jobId: string, row: Table.Row): Promise<void> {
  const { ownerId, keys, stale, counted = [] } = Indexed.parse(row);
  if (counted.length > 0) {
    const ended = Table.update({
      key: Table.key.indexed(jobId),
      set: { counted: [] },
      // Only the first of several deletions lowers the counts.
      condition: "#counted = :counted",
      values: { ":counted": counted },
    });
    await Table.transact([{ Update: ended }, ...countWrites(ownerId, [], counted)]);
  }
  await Table.removeAll([...keys, ...stale].map((key) => Table.key.word(ownerId, key, jobId)));
}
