import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor.ts";
import * as Id from "../id.ts";
import { request } from "../request.ts";
import * as Table from "../table/index.ts";
import { type Action, Info } from "./schema.ts";

export { ACTIONS, type Action, Info } from "./schema.ts";

export interface New {
  action: Action;
  /** The id of the object of the action. */
  target?: string;
  /** Never a secret, a share's address or a title: someone who can read the audit log may not access the object. */
  detail?: Record<string, string | number>;
  /** The user, if there is no actor: a sign-in creates its actor, and a rejected one never has one. */
  as?: { ownerId?: string; email?: string };
}

export interface Page {
  events: Info[];
  cursor?: string | undefined;
}

/** Longer than a year, so that you can compare with last year. */
const KEPT_SECONDS = 400 * 24 * 3600;
/** Longer than the day that the row stands for. */
const LOOKED_SECONDS = 2 * 24 * 3600;

/**
 * These grant access, so they fail without their entry: an unknown credential is worse than an error. Other actions
 * never fail because of it: revoking access must work, and the timeline has most of the daily work on videos. The log
 * then reports the missing entry.
 */
const OPENS: ReadonlySet<Action> = new Set<Action>([
  "signin",
  "user.enabled",
  "token.created",
  "key.created",
  "share.created",
]);

/**
 * Records what the actor does. Throws only for an action that grants access (see above). Record that before its own
 * write or, better, in the same transaction with `write`.
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
 * Records that an admin reads another owner's data: once a day (UTC), because pages poll every few seconds and the
 * audit log must stay readable. Throws if it cannot, so that no such access stays unrecorded.
 */
export async function recordAccess(at: {
  action: Action;
  target: string;
  owner: string;
}): Promise<void> {
  const actor = Actor.current();
  if (actor?.type !== "owner" || actor.ownerId === at.owner) return;
  const { action, target, owner } = at;
  const { Item } = row({ action, target, detail: { owner } });
  const once = Table.key.looked(actor.ownerId, target, Item.time.slice(0, 10));
  // Usually it exists: a read is cheaper than a transaction that fails.
  if (await Table.get(once)) return;
  const ttl = Math.ceil(Date.parse(Item.time) / 1000) + LOOKED_SECONDS;
  await Table.transact([Table.put({ ...once, ttl }, "attribute_not_exists(pk)"), Table.put(Item)]);
}

/** The same as a write, for the transaction of the action: both happen or neither. */
export function write(event: New): Table.Write {
  return Table.put(row(event).Item);
}

/** The row that `record` writes, for a process that has its own client. */
export const item = (event: New): Table.Row => row(event).Item;

/** The entries of one day (UTC), newest first. `limit` is at most 100. Throws `cursor.invalid`. */
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
