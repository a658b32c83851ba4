import * as z from "zod";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import * as Id from "../id.ts";
import { resource } from "../resource.ts";
import * as Table from "../table/index.ts";
import * as User from "../user/schema.ts";
import { Info, type New } from "./schema.ts";
import * as Secret from "./secret.ts";

export { Info, New } from "./schema.ts";

/** A token as the table stores it, under the hash of its secret. */
const Row = Info.extend({ pk: z.string(), ownerId: z.string() });
type Row = z.infer<typeof Row>;

const Account = User.Info.pick({ email: true, role: true, disabled: true });

/** More than this suggests a program that creates tokens and forgets them. */
const MAX_TOKENS = 50;
const DAY_MS = 24 * 3_600_000;
/** The last use is recorded to the minute, to save a write for every request. */
const USED_EVERY_MS = 60_000;

/**
 * Creates a token of the caller. Only this response contains the secret. Throws `token.too_many`, and `actor.admin` if a
 * member requests the scope `keys`.
 */
export async function create(input: New): Promise<{ token: Info; secret: string }> {
  const { ownerId, role } = Actor.person();
  if (input.scopes.includes("keys") && role !== "admin") {
    const message = 'Only an admin can create a token with the scope "keys".';
    throw new VisibleError("forbidden", "actor.admin", message);
  }
  // Two simultaneous calls may exceed the maximum by one. It keeps lists short and is no security limit.
  if ((await living(ownerId)).length >= MAX_TOKENS) {
    const message = `You have the maximum of ${MAX_TOKENS} tokens. Revoke one first.`;
    throw new VisibleError("conflict", "token.too_many", message);
  }
  const now = Date.now();
  const id = Id.create.token(now);
  const secret = Secret.create();
  const key = Table.key.token(Secret.hashOf(secret));
  const expires = now + input.expiresInDays * DAY_MS;
  const scopes = Actor.SCOPES.filter((scope) => input.scopes.includes(scope));
  const row: Row = {
    pk: key.pk,
    ownerId,
    id,
    name: input.name,
    scopes,
    start: Secret.startOf(secret),
    time: { created: new Date(now).toISOString(), expires: new Date(expires).toISOString() },
  };
  await Table.transact([
    Table.put(
      {
        ...key,
        ...row,
        ...Table.index.ownerTokens(ownerId, id),
        ttl: Math.ceil(expires / 1000),
      },
      "attribute_not_exists(pk)",
    ),
    Audit.write({
      action: "token.created",
      target: id,
      detail: { scopes: scopes.join(" "), expires: row.time.expires },
    }),
  ]);
  return { token: serialize(row), secret };
}

/** The caller's valid tokens, newest first. */
export async function list(): Promise<Info[]> {
  const { ownerId } = Actor.person();
  return (await living(ownerId)).map(serialize);
}

/** Revokes a token of the caller. The next request with it is rejected. Throws `token.not_found`. */
export async function remove(id: Id.TokenId): Promise<void> {
  const { ownerId } = Actor.person();
  const row = (await rowsOf(ownerId, id)).find((one) => one.id === id);
  const { sk } = Table.key.token("");
  const removed =
    row !== undefined &&
    (await Table.transact([
      {
        Delete: {
          TableName: Table.tableName(),
          Key: { pk: row.pk, sk },
          ConditionExpression: "attribute_exists(pk)",
        },
      },
      Audit.write({ action: "token.revoked", target: id }),
    ]));
  if (!removed) throw new VisibleError("not_found", "token.not_found", "There is no such token.");
}

/**
 * The owner of this secret. Undefined if the token never existed, has expired, was revoked, or belongs to a disabled
 * user. A token acts as a member, even an admin's. With the scope `keys`, it has its owner's current role, which the
 * operations of that scope require. It reaches no other user's data either way, because only a session does.
 */
export async function resolve(secret: string): Promise<Actor.Owner | undefined> {
  if (!Secret.isWhole(secret)) return undefined;
  const key = Table.key.token(Secret.hashOf(secret));
  const found = await Table.get(key);
  if (!found) return undefined;
  const row = Row.parse(found);
  const now = Date.now();
  if (Date.parse(row.time.expires) <= now) return undefined;
  const account = await accountOf(row.ownerId);
  if (account === undefined) return undefined;
  touch(row, now);
  const { ownerId, scopes, id } = row;
  const role = scopes.includes("keys") ? account.role : "member";
  const { email } = account;
  return { type: "owner", ownerId, email, role, scopes, via: "token", credentialId: id };
}

/** The owner's mail address and role. Undefined if the owner may not use Rushes. */
async function accountOf(
  ownerId: string,
): Promise<Pick<Actor.Owner, "email" | "role"> | undefined> {
  const { SignIn, Settings } = resource();
  const row = await Table.get(Table.key.user(ownerId));
  if (row) {
    const { email, role, disabled } = Account.parse(row);
    return disabled ? undefined : { email, role };
  }
  // The local user has no row. Once sign-in is required, nobody is that user any more, and its tokens stop working.
  const isLocal = !SignIn.required && ownerId === Settings.defaultOwnerId;
  return isLocal ? { email: Settings.defaultOwnerEmail, role: "admin" } : undefined;
}

/** Records the use without delaying the request, because no decision depends on it. */
function touch(row: Row, now: number): void {
  const before = new Date(now - USED_EVERY_MS).toISOString();
  if (row.time.used !== undefined && row.time.used > before) return;
  const update = Table.update({
    key: { pk: row.pk, sk: Table.key.token("").sk },
    set: { "time.used": new Date(now).toISOString() },
    // A token revoked in the meantime must not come back as a row with only a time.
    condition: "attribute_exists(#pk)",
  });
  Table.apply(update).catch((error: unknown) => {
    process.stderr.write(`The last use of ${row.id} was not written: ${String(error)}\n`);
  });
}

async function living(ownerId: string): Promise<Row[]> {
  const now = new Date().toISOString();
  // The table may delete expired rows days late.
  return (await rowsOf(ownerId)).filter((row) => row.time.expires > now);
}

async function rowsOf(ownerId: string, id?: Id.TokenId): Promise<Row[]> {
  const { ownerPk } = Table.index.ownerTokens(ownerId, "");
  const rows = await Table.queryAll({
    index: "owner",
    partition: ownerPk,
    prefix: id,
    newestFirst: true,
  });
  return rows.map((row) => Row.parse(row));
}

function serialize(row: Row): Info {
  return Info.parse(row);
}
