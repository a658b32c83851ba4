import * as Table from "../table/index.ts";
import { dueTime, type Row } from "./row.ts";
import { before, isTerminal, type Status } from "./status.ts";

export interface Transition {
  row: Row;
  to: Status;
  set?: Table.Row;
  remove?: string[];
  add?: Table.Row | undefined;
  /** Timeline steps and rows of renditions, written in the same transaction. */
  with?: Table.Write[];
  /** True if the owner gets a mail about it. */
  notify?: boolean;
  now?: number;
}

/** job-changed sends the mail within a second. After this time, reconcile does. */
const NOTICE_DUE_MS = 45_000;

/**
 * Moves the current attempt of a job to another status. Returns false if the status does not allow it, if
 * there is a newer attempt, or if the job was deleted: a late event is no error. The notice is written
 * together with the status, so that a crash cannot lose a mail.
 */
export async function transition(input: Transition): Promise<boolean> {
  const { row, to, now = Date.now() } = input;
  return Table.transact([
    { Update: statusUpdate({ ...input, now }) },
    ...(input.with ?? []),
    ...(input.notify ? [Table.put(notice(row, to, input.set?.failure, now))] : []),
  ]);
}

function statusUpdate(input: Transition & { now: number }): Table.Update {
  const { row, to, now } = input;
  const time = new Date(now).toISOString();
  const due = dueTime(to, now);
  const isNeverDue = due === undefined && input.set?.duePk === undefined;
  const from = Table.oneOf("status", before(to));
  return Table.update({
    key: Table.key.job(row.id),
    set: {
      status: to,
      "time.updated": time,
      "time.ended": isTerminal(to) ? time : undefined,
      ...Table.index.status(row.ownerId, to, row.id),
      ...Table.index.changed(row.ownerId, time, row.id),
      ...(due === undefined ? {} : Table.index.due("job", row.id, due)),
      ...input.set,
    },
    remove: [
      ...(isNeverDue ? ["duePk", "dueSk"] : []),
      ...(isTerminal(to) ? ["waiting"] : []),
      ...(input.remove ?? []),
    ],
    add: input.add,
    condition: `#attempt = :attempt AND ${from.condition}`,
    values: { ":attempt": row.attempt, ...from.values },
  });
}

/** Records the outcome and the failure, because a retry may change the job before the mail is sent. */
function notice(row: Row, outcome: Status, failure: unknown, now: number): Table.Row {
  return {
    ...Table.key.notice(row.id, row.attempt),
    jobId: row.id,
    attempt: row.attempt,
    state: "due",
    tries: 0,
    outcome,
    failure,
    ...Table.index.due("notice", row.id, new Date(now + NOTICE_DUE_MS).toISOString()),
  };
}

/** Changes a job that is still at this attempt and not deleted, without changing its status. */
export function patch(
  row: Row,
  input: {
    set?: Table.Row | undefined;
    remove?: string[];
    add?: Table.Row | undefined;
    condition?: string;
    values?: Table.Row;
    now?: number;
  },
): Table.Update {
  const time = new Date(input.now ?? Date.now()).toISOString();
  const condition = "#attempt = :attempt AND #status <> :deleted";
  return Table.update({
    key: Table.key.job(row.id),
    set: {
      "time.updated": time,
      ...Table.index.changed(row.ownerId, time, row.id),
      ...input.set,
    },
    remove: input.remove ?? [],
    add: input.add,
    condition: input.condition ? `${condition} AND ${input.condition}` : condition,
    values: { ":attempt": row.attempt, ":deleted": "deleted", ...input.values },
  });
}
