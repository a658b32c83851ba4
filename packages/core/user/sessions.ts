import * as Table from "../table/index.ts";

/** Ends every session of a user. Returns how many there were. */
export async function endSessions(ownerId: string): Promise<number> {
  const { ownerPk } = Table.index.ownerSessions(ownerId, "", "");
  const rows = await Table.queryAll({ index: "owner", partition: ownerPk });
  await Table.removeAll(rows.map(({ id }) => Table.key.session(String(id))));
  return rows.length;
}
