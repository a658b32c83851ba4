/**
 * How many videos of an owner have each tag: one row for each tag. The counts are exact, because each change of one is
 * written in one transaction with the row that says which tags of a job are counted, and that row changes only as read.
 */
import * as z from "zod";
import * as Table from "../table/index.ts";
import { foldTag } from "./words.ts";

export const TagCount = z.object({
  /** The tag as it was written last. */
  tag: z.string(),
  count: z.number().int(),
});
export type TagCount = z.infer<typeof TagCount>;

/** The comparable forms of a job's tags. */
export const foldedTags = (tags: readonly string[] = []): string[] => [
  ...new Set(tags.map(foldTag)),
];

/** The writes of the counts that change with the tags of a job. `counted` has the comparable forms of the tags before. */
export function countWrites(
  ownerId: string,
  tags: readonly string[],
  counted: readonly string[],
): Table.Write[] {
  const spellings = new Map(tags.map((tag) => [foldTag(tag), tag]));
  const added = [...spellings].filter(([folded]) => !counted.includes(folded));
  const removed = counted.filter((folded) => !spellings.has(folded));
  return [
    ...added.map(([folded, tag]) => change(ownerId, folded, 1, { tag })),
    ...removed.map((folded) => change(ownerId, folded, -1)),
  ];
}

const change = (ownerId: string, folded: string, by: 1 | -1, set?: Table.Row): Table.Write => ({
  Update: Table.update({ key: Table.key.tag(ownerId, folded), set, add: { count: by } }),
});

/** Deletes the rows of those of these tags that no video has. */
export async function removeUnused(ownerId: string, tags: readonly string[]): Promise<void> {
  const deletion = (folded: string): Table.Write => ({
    Delete: {
      TableName: Table.tableName(),
      Key: Table.key.tag(ownerId, folded),
      // A video that has got the tag meanwhile has raised it.
      ConditionExpression: "#count < :one",
      ExpressionAttributeNames: { "#count": "count" },
      ExpressionAttributeValues: { ":one": 1 },
    },
  });
  await Promise.all(foldedTags(tags).map((folded) => Table.transact([deletion(folded)])));
}

/** The tags that the videos of an owner have, sorted by their comparable forms: at most `limit`, up to 1000. */
export async function tagCounts(ownerId: string, limit: number): Promise<TagCount[]> {
  const { pk: partition } = Table.key.tag(ownerId, "");
  const { rows } = await Table.part({ partition, after: undefined, limit });
  return rows.map((row) => TagCount.parse(row)).filter(({ count }) => count > 0);
}
