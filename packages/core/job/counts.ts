import * as z from "zod";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Search from "../search/index.ts";
import * as Table from "../table/index.ts";
import { STATUSES, type Status } from "./status.ts";

/** A count ends here, so that it reads a limited number of rows. */
const MAX_COUNT = 1000;

export const Counts = z.object({
  statuses: z.record(z.enum(STATUSES), z.number().int().min(0)),
  /** The tags of the jobs, and how many have each. At most `most` tags, sorted without regard to case and accents. */
  tags: z.array(Search.TagCount),
  /** A status with this count may have more jobs. */
  most: z.number().int(),
});
export type Counts = z.infer<typeof Counts>;

/**
 * How many jobs the caller has in each status and with each tag, or another `owner` for an admin. Throws `actor.admin`.
 * After an upgrade from a version without counts, the first call starts counting the tags of existing jobs.
 */
export async function counts(owner: string | undefined): Promise<Counts> {
  const ownerId = Actor.ownerOf("read", owner);
  await Audit.recordAccess({ action: "videos.listed", target: ownerId, owner: ownerId });
  const countOf = async (status: Status) => {
    const { statusPk } = Table.index.status(ownerId, status, "");
    return [status, await Table.count({ index: "status", partition: statusPk }, MAX_COUNT)];
  };
  const [statuses, tags] = await Promise.all([
    Promise.all(STATUSES.map(countOf)),
    Search.tagCounts(ownerId, MAX_COUNT),
    Search.isIndexed(ownerId, "tags"),
  ]);
  return Counts.parse({ statuses: Object.fromEntries(statuses), tags, most: MAX_COUNT });
}
