import { randomBytes } from "node:crypto";
import * as z from "zod";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import { request } from "../request.ts";
import { seal, unseal } from "../seal.ts";
import * as Table from "../table/index.ts";
import * as User from "../user/row.ts";
import type { Info as UserInfo } from "../user/schema.ts";
import { endSessions } from "../user/sessions.ts";
import { ABSOLUTE_MS, endOf, stepFor } from "./rotation.ts";
import { allOf, hashOf, Row, read, rotationOf, ttlOf } from "./row.ts";
import { Info } from "./schema.ts";

export { Info } from "./schema.ts";

/** The cookie that a browser stores: the sealed value and its expiry time. */
export interface Cookie {
  cookie: string;
  expires: Date;
}
export interface Resumed {
  actor: Actor.Owner;
  session: Info;
  /** The next cookie of this session, to replace the current one. */
  renewed?: Cookie;
}

/** The cookie's content: the secret of the session, its owner, and the cookie's number. */
const Carried = z.object({ id: z.string(), owner: z.string(), generation: z.number().int() });
type Carried = z.infer<typeof Carried>;

/** A longer one is not stored. The provider then asks for confirmation at sign-out. */
const MAX_ID_TOKEN = 2500;

/**
 * Starts a session of a user who has just signed in. Throws `user.disabled`, and `user.not_found` for someone who never
 * signed in.
 */
export async function create(input: {
  ownerId: string;
  idToken?: string | undefined;
  now?: number;
}): Promise<Cookie> {
  Actor.system();
  const { ownerId, idToken = "", now = Date.now() } = input;
  const user = await User.read(ownerId);
  if (!user) throw User.notFound();
  if (user.disabled) throw User.disabled();
  const carried = { id: randomBytes(32).toString("base64url"), owner: ownerId, generation: 1 };
  const id = hashOf(carried.id);
  const time = new Date(now).toISOString();
  const keep = idToken !== "" && idToken.length <= MAX_ID_TOKEN;
  const row: Row = {
    id,
    ownerId,
    generation: 1,
    previous: 0,
    address: request()?.address ?? "",
    agent: request()?.agent ?? "",
    idToken: keep ? await seal("session", { idToken }, now + ABSOLUTE_MS) : undefined,
    time: { created: time, seen: time, rotated: time },
  };
  await Table.transact([
    Table.put(
      {
        ...Table.key.session(id),
        ...row,
        ...Table.index.ownerSessions(ownerId, time, id),
        ttl: ttlOf({ created: now, seen: now }),
      },
      "attribute_not_exists(pk)",
    ),
    Audit.write({ action: "signin", target: id, as: { ownerId, email: user.email } }),
  ]);
  return cookieOf(carried, now);
}

/**
 * The user of this cookie. Undefined if Rushes did not create it, or if the session or the user no longer exists. A
 * cookie that is too old means that two browsers share one session, so the session is revoked.
 */
export async function resume(cookie: string, now = Date.now()): Promise<Resumed | undefined> {
  const parsed = Carried.safeParse(await unseal("session", cookie, now));
  if (!parsed.success) return undefined;
  const carried = parsed.data;
  const id = hashOf(carried.id);
  // Both at once and always both, so that timing does not reveal which one is missing.
  const [first, user] = await Promise.all([read(id), User.read(carried.owner)]);
  let row = first;
  while (row && user && !user.disabled && row.ownerId === carried.owner) {
    const step = stepFor(rotationOf(row), carried.generation, now);
    if (step.type === "ended") return undefined;
    if (step.type === "stolen") {
      await revokeStolen(row, user);
      return undefined;
    }
    const written = await write(row, carried.generation, step.type, now);
    if (written) return resumed(written, user, step.type === "rotate" ? carried : undefined);
    // A simultaneous request was faster, or the session has ended in the meantime.
    row = await read(id);
  }
  return undefined;
}

/** Ends the current session. Returns what the provider needs at a sign-out. */
export async function end(): Promise<{ idToken?: string }> {
  const { via, credentialId } = Actor.person();
  if (via !== "session" || credentialId === undefined) return {};
  const row = await read(credentialId);
  await Table.removeAll([Table.key.session(credentialId)]);
  await Audit.record({ action: "signout", target: credentialId });
  const kept = row?.idToken === undefined ? undefined : await unseal("session", row.idToken);
  return typeof kept?.idToken === "string" ? { idToken: kept.idToken } : {};
}

/** Ends one of the caller's sessions. Returns whether it is the current one. Throws `session.not_found`. */
export async function endById(id: string): Promise<{ current: boolean }> {
  const { ownerId, credentialId } = Actor.person();
  const row = await read(id);
  if (row?.ownerId !== ownerId) {
    throw new VisibleError("not_found", "session.not_found", "There is no such session.");
  }
  await Table.removeAll([Table.key.session(id)]);
  await Audit.record({ action: "session.revoked", target: id });
  return { current: id === credentialId };
}

/** Ends every session of another user, for an admin. Throws `user.not_found`, `user.self`. */
export async function endAll(ownerId: string): Promise<void> {
  const actor = Actor.admin();
  if (ownerId === actor.ownerId) throw User.self("To end your own sessions, use your settings.");
  if (!(await User.read(ownerId))) throw User.notFound();
  const sessions = await endSessions(ownerId);
  await Audit.record({ action: "session.revoked", target: ownerId, detail: { sessions } });
}

/** The caller's sessions, newest first. */
export async function list(now = Date.now()): Promise<Info[]> {
  const { ownerId, credentialId } = Actor.person();
  return (await allOf(ownerId, now)).map((row) => serialize(row, row.id === credentialId));
}

type Going = "keep" | "touch" | "confirm" | "rotate";

/** Writes a step. Undefined if the row has changed since the step was chosen. */
async function write(
  row: Row,
  carried: number,
  step: Going,
  now: number,
): Promise<Row | undefined> {
  if (step === "keep") return row;
  const time = new Date(now).toISOString();
  const ttl = ttlOf({ created: rotationOf(row).created, seen: now });
  const written = await Table.apply(
    Table.update({
      key: Table.key.session(row.id),
      set: {
        "time.seen": time,
        ttl,
        "time.confirmed": step === "confirm" ? time : undefined,
        ...(step === "rotate" && {
          "time.rotated": time,
          generation: row.generation + 1,
          previous: carried,
        }),
      },
      remove: step === "rotate" ? ["time.confirmed"] : [],
      // Also fails if the session has ended: an update must not recreate it.
      condition: "#generation = :generation",
      values: { ":generation": row.generation },
    }),
  );
  return written && Row.parse(written);
}

async function resumed(row: Row, user: UserInfo, replaced?: Carried): Promise<Resumed> {
  const { id, generation } = row;
  const created = Date.parse(row.time.created);
  return {
    actor: {
      type: "owner",
      ownerId: user.id,
      email: user.email,
      role: user.role,
      scopes: Actor.SCOPES,
      via: "session",
      credentialId: id,
    },
    session: serialize(row, true),
    renewed: replaced && (await cookieOf({ ...replaced, generation }, created)),
  };
}

async function revokeStolen(row: Row, { id, email }: UserInfo): Promise<void> {
  await Table.removeAll([Table.key.session(row.id)]);
  await Audit.record({ action: "session.stolen", target: row.id, as: { ownerId: id, email } });
}

async function cookieOf(carried: Carried, created: number): Promise<Cookie> {
  const expires = created + ABSOLUTE_MS;
  return { cookie: await seal("session", carried, expires), expires: new Date(expires) };
}

function serialize(row: Row, current: boolean): Info {
  const { created, seen } = row.time;
  const expires = new Date(endOf(rotationOf(row))).toISOString();
  return Info.parse({ ...row, current, time: { created, seen, expires } });
}
