import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor.ts";
import * as Id from "../id.ts";
import { request } from "../request.ts";
import * as Table from "../table/index.ts";
import { type Action, Info } from "./schema.ts";

export { ACTIONS, type Action, Info } from "./schema.ts";

export interface New {
  action: Action;
  /** The id of what it is done to. */
  target?: string;
  /** Never a secret, an address of a share, a title: who reads the audit need not reach the thing. */
  detail?: Record<string, string | number>;
  /** Who, where nobody is acting yet: a sign-in makes its actor, a refused one never does. */
  as?: { ownerId?: string; email?: string };
}

export interface Page {
  events: Info[];
  cursor?: string | undefined;
}

/** Longer than a year, so that last year's can be compared. */
const KEPT_SECONDS = 400 * 24 * 3600;
/** Longer than the day that it is asked about. */
const LOOKED_SECONDS = 2 * 24 * 3600;

/**
 * What opens a door is written down or does not happen: a key that nobody knows of is worse than an
 * error. What closes one is never held up by its record, nor is the daily work on videos, whose own
 * timeline tells most of it: a failure to record those is told in the log.
 */
const OPENS: ReadonlySet<Action> = new Set<Action>([
  "signin",
  "user.enabled",
  "token.created",
  "share.created",
]);

/**
 * Writes down that the actor does this. Throws only for what opens a door (see above): record that
 * before its own write, or better, with it by `write`.
 */
export async function record(event: New): Promise<void> {
  const { Item } = row(event);
  try {
    await Table.client.send(new PutCommand({ TableName: Table.tableName(), Item }));
  } catch (error) {
    if (OPENS.has(event.action)) throw error;
    const { action, target = "-" } = event;
    process.stderr.write(`The audit lacks ${action} of ${target}: ${String(error)}\n`);
  }
}

/**
 * Writes down that an admin looks at what is somebody else's: once a day (UTC), for pages ask every few
 * seconds and the audit must stay readable. Throws when it cannot: nobody looks unrecorded.
 */
export async function looked(at: { action: Action; target: string; owner: string }): Promise<void> {
  const actor = Actor.current();
  if (actor?.type !== "owner" || actor.ownerId === at.owner) return;
  const { action, target, owner } = at;
  const { Item } = row({ action, target, detail: { owner } });
  const once = Table.key.looked(actor.ownerId, target, Item.time.slice(0, 10));
  // Most of the time it is there: a read is cheaper than a transaction that is refused.
  if (await Table.get(once)) return;
  const ttl = Math.ceil(Date.parse(Item.time) / 1000) + LOOKED_SECONDS;
  await Table.transact([Table.put({ ...once, ttl }, "attribute_not_exists(pk)"), Table.put(Item)]);
}

/** The same as a write that goes into the transaction of what it tells of: both happen or neither. */
export function write(event: New): Table.Write {
  return Table.put(row(event).Item);
}

/** The row that `record` writes, for a process that has a client of its own. */
export const item = (event: New): Table.Row => row(event).Item;

/** What was done on a day (UTC), newest first. `limit` is at most 100. Throws `cursor.invalid`. */
export async function list(input: {
  day: string;
  cursor?: string | undefined;
  limit?: number | undefined;
}): Promise<Page> {
  Actor.admin();
  const { pk } = Table.key.audit(input.day, "");
  const { cursor, limit } = input;
  const page = await Table.page({ list: pk, partition: pk, newestFirst: true, cursor, limit });
  return { events: page.rows.map((row) => Info.parse(row)), cursor: page.cursor };
}

function row({ action, target, detail, as }: New) {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const id = Id.create.audit(now);
  const info: Info = {
    id,
    time,
    action,
    ...who(as),
    target,
    detail,
    ...addressOf(),
  };
  const ttl = Math.ceil(now / 1000) + KEPT_SECONDS;
  return { Item: { ...Table.key.audit(time, id), ...info, ttl } };
}

function who(as: New["as"]): Pick<Info, "ownerId" | "email" | "via" | "credentialId"> {
  if (as) return as;
  const actor = Actor.current();
  if (actor?.type !== "owner") return {};
  const { ownerId, email, via, credentialId } = actor;
  return { ownerId, email, via, credentialId };
}

function addressOf(): Pick<Info, "address"> {
  const address = request()?.address;
  return address === undefined ? {} : { address };
}
