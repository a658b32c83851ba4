import * as z from "zod";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import * as Table from "../table/index.ts";
import { STATUSES } from "./status.ts";

/** A count ends here, so that it reads a limited number of rows. */
const MAX_COUNT = 1000;

export const Counts = z.object({
  statuses: z.record(z.enum(STATUSES), z.number().int().min(0)),
  /** A status with this count may have more jobs. */
  most: z.number().int(),
});
export type Counts = z.infer<typeof Counts>;

/** How many jobs the caller has in each status, or another `owner` for an admin. Throws `actor.admin`. */
export async function counts(owner: string | undefined): Promise<Counts> {
  const ownerId = Actor.ownerOf("read", owner);
  await Audit.recordAccess({ action: "videos.listed", target: ownerId, owner: ownerId });
  const found = await Promise.all(
    STATUSES.map((status) => {
      const { statusPk } = Table.index.status(ownerId, status, "");
      return Table.count({ index: "status", partition: statusPk }, MAX_COUNT);
    }),
  );
  const of = Object.fromEntries(STATUSES.map((status, at) => [status, found[at]]));
  return Counts.parse({ statuses: of, most: MAX_COUNT });
}
