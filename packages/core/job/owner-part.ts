import { JobId } from "../id.ts";
import * as Table from "../table/index.ts";

/** At most `limit` rows of an owner's jobs, oldest first, for work that reads all of them. `cursor` is of the part before. */
export function ownerPart(
  ownerId: string,
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<Table.Page> {
  const { ownerPk } = Table.index.ownerJobs(ownerId, "");
  return Table.page({
    index: "owner",
    partition: ownerPk,
    list: ownerPk,
    cursor,
    limit,
    keyOf: (id) => Table.key.job(JobId.parse(id)),
  });
}
