import * as Table from "../table/index.ts";
import { dueTime, type Row } from "./row.ts";
import { before, isTerminal, type Status } from "./status.ts";

export interface Move {
  row: Row;
  to: Status;
  set?: Table.Row;
  remove?: string[];
  add?: Table.Row;
  /** Timeline steps and rows of renditions, written with the move or not at all. */
  with?: Table.Write[];
  /** True when somebody must be told by mail. */
  notify?: boolean;
  now?: number;
}

/** job-changed sends within a second; after this, reconcile does. */
const NOTICE_DUE_MS = 45_000;

/**
 * Moves a job's attempt to a status that may follow where it stands now. False when it may not, or
 * when there is a newer attempt, or when the job was deleted: a late event is no error.
 * The notice is written with the status, so that no death of ours can lose a mail.
 */
export async function move(input: Move): Promise<boolean> {
  const { row, to, now = Date.now() } = input;
  const time = new Date(now).toISOString();
  const due = dueTime(to, now);
  const from = before(to);
  const update = Table.update({
    key: Table.key.job(row.id),
    set: {
      status: to,
      "time.updated": time,
      ...(isTerminal(to) && { "time.ended": time }),
      ...Table.index.status(row.ownerId, to, row.id),
      ...Table.index.changed(row.ownerId, time, row.id),
      ...(due !== undefined && Table.index.due("job", row.id, due)),
      ...input.set,
    },
    remove: [
      ...(due === undefined && input.set?.duePk === undefined ? ["duePk", "dueSk"] : []),
      ...(isTerminal(to) ? ["waiting"] : []),
      ...(input.remove ?? []),
    ],
    ...(input.add && { add: input.add }),
    condition: `#attempt = :attempt AND #status IN (${from.map((_, at) => `:from${at}`).join(", ")})`,
    values: {
      ":attempt": row.attempt,
      ...Object.fromEntries(from.map((status, at) => [`:from${at}`, status])),
    },
  });
  const notice = {
    ...Table.key.notice(row.id, row.attempt),
    jobId: row.id,
    attempt: row.attempt,
    state: "due",
    tries: 0,
    // What to tell, though a retry may have changed the job by then.
    outcome: to,
    ...(input.set?.failure !== undefined && { failure: input.set.failure }),
    ...Table.index.due("notice", row.id, new Date(now + NOTICE_DUE_MS).toISOString()),
  };
  return Table.transact([
    { Update: update },
    ...(input.with ?? []),
    ...(input.notify ? [Table.put(notice)] : []),
  ]);
}

/** Changes a job that is not deleted and still at this attempt, without moving its status. */
export function touch(
  row: Row,
  input: {
    set?: Table.Row;
    remove?: string[];
    add?: Table.Row;
    condition?: string;
    values?: Table.Row;
    now?: number;
  },
): Table.Update {
  const time = new Date(input.now ?? Date.now()).toISOString();
  return Table.update({
    key: Table.key.job(row.id),
    set: {
      "time.updated": time,
      ...Table.index.changed(row.ownerId, time, row.id),
      ...input.set,
    },
    ...(input.remove && { remove: input.remove }),
    ...(input.add && { add: input.add }),
    condition: `#attempt = :attempt AND #status <> :deleted${input.condition ? ` AND ${input.condition}` : ""}`,
    values: { ":attempt": row.attempt, ":deleted": "deleted", ...input.values },
  });
}
