import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import { resource } from "../resource.ts";
import * as Table from "../table/index.ts";
import { disabled, notFound, ownerIdOf, read, self } from "./row.ts";
import { Info } from "./schema.ts";
import { endSessions } from "./sessions.ts";

export {
  mailSuppression,
  mailSuppressions,
  unsuppressMail,
  unsuppressMailOf,
} from "./mail.ts";
export { ownerIdOf } from "./row.ts";
export { Info } from "./schema.ts";

/** The user who signed in, according to a provider whose response has been verified. */
export interface Identity {
  issuer: string;
  subject: string;
  email?: string;
  /** Undefined if the provider does not send it. */
  emailVerified?: boolean;
  name?: string;
  groups: readonly string[];
}

export interface Page {
  users: Info[];
  cursor?: string | undefined;
}

/**
 * Records a sign-in, and updates email address, name and role. Throws `signin.email` without a verified address, and
 * `user.disabled` for a disabled user.
 */
export async function signIn(identity: Identity): Promise<Info> {
  Actor.system();
  const email = verifiedEmail(identity);
  const { issuer, subject } = identity;
  const id = ownerIdOf(issuer, subject);
  const now = new Date().toISOString();
  const known = {
    email,
    name: identity.name?.slice(0, 200),
    role: roleOf(email, identity.groups),
    ...Table.index.users(email, id),
  };
  for (;;) {
    const user = await read(id);
    if (user?.disabled) throw disabled();
    if (!user) {
      const time = { created: now, seen: now };
      const row = { ...Table.key.user(id), id, issuer, subject, ...known, disabled: false, time };
      if (await Table.transact([Table.put(row, "attribute_not_exists(pk)")]))
        return Info.parse(row);
      continue;
    }
    const row = await Table.apply(
      Table.update({
        key: Table.key.user(id),
        set: { ...known, "time.seen": now },
        remove: known.name === undefined ? ["name"] : [],
        // An admin may disable the user at this moment.
        condition: "#disabled = :off",
        values: { ":off": false },
      }),
    );
    if (row) return Info.parse(row);
  }
}

/** The caller's own account. */
export async function me(): Promise<Info> {
  const actor = Actor.owner("read");
  const user = await read(actor.ownerId);
  if (user) return user;
  // The local user has no row.
  const now = new Date().toISOString();
  return {
    id: actor.ownerId,
    email: actor.email,
    role: actor.role,
    issuer: "local",
    subject: actor.ownerId,
    disabled: false,
    time: { created: now, seen: now },
  };
}

/** A page of all users by mail address. `limit` is at most 100. Throws `cursor.invalid`. */
export async function list(input: { cursor?: string; limit?: number } = {}): Promise<Page> {
  Actor.admin();
  const { rows, cursor } = await Table.page({
    ...input,
    list: "users",
    index: "owner",
    partition: "USERS",
    // The sort key ends with the user's id.
    keyOf: (sortKey) => Table.key.user(sortKey.slice(sortKey.lastIndexOf("#") + 1)),
  });
  return { users: rows.map((row) => Info.parse(row)), cursor };
}

/**
 * Disables a user, which ends the user's sessions, or enables the user again. Throws `user.not_found`, and `user.self`
 * for the caller's own account.
 */
export async function update(input: { id: string; disabled: boolean }): Promise<Info> {
  const actor = Actor.admin();
  if (input.id === actor.ownerId) throw self("You cannot disable your own account.");
  const action = input.disabled ? "user.disabled" : "user.enabled";
  const written = await Table.transact([
    {
      Update: Table.update({
        key: Table.key.user(input.id),
        set: { disabled: input.disabled },
        condition: "attribute_exists(#pk)",
      }),
    },
    Audit.write({ action, target: input.id }),
  ]);
  if (!written) throw notFound();
  // After the update, so that no session created in between remains.
  if (input.disabled) await endSessions(input.id);
  return fromId(input.id);
}

/** Makes a user a member, until a sign-in at which the provider names an admin. Throws `user.not_found`. */
export async function demote(id: string): Promise<void> {
  Actor.admin();
  const written = await Table.apply(
    Table.update({
      key: Table.key.user(id),
      set: { role: "member" },
      condition: "attribute_exists(#pk)",
    }),
  );
  if (!written) throw notFound();
}

/** The user of this id, for an admin. Throws `user.not_found`. */
export async function fromId(id: string): Promise<Info> {
  Actor.admin();
  const user = await read(id);
  if (!user) throw notFound();
  return user;
}

function verifiedEmail({ email, emailVerified }: Identity): string {
  const { SignIn } = resource();
  const trusted = SignIn.required && SignIn.trustEmail && emailVerified === undefined;
  const parsed = Info.shape.email.safeParse(email?.trim());
  if (parsed.success && (emailVerified === true || trusted)) return parsed.data;
  const message =
    "Your sign-in provider has not verified your email address. Verify it there first.";
  throw new VisibleError("forbidden", "signin.email", message);
}

function roleOf(email: string, groups: readonly string[]): Actor.Role {
  const { SignIn } = resource();
  if (!SignIn.required) return "member";
  const address = Table.foldName(email);
  const named = SignIn.adminEmails.some((one) => Table.foldName(one) === address);
  return named || groups.includes(SignIn.adminGroup) ? "admin" : "member";
}
