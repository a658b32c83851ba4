import * as Context from "./context.ts";
import { VisibleError } from "./error.ts";
import type { JobId, ShareId } from "./id.ts";

/** A member has the own videos; an admin reaches everybody's, the users and the dead-letter queues. */
export const ROLES = ["member", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What an API token may be made for. Whoever is there in person may do all of it. */
export const SCOPES = ["upload", "read", "manage"] as const;
export type Scope = (typeof SCOPES)[number];

/** Somebody whose uploads and jobs these are. */
export interface Owner {
  type: "owner";
  ownerId: string;
  /** Where mails about the owner's jobs go. */
  email: string;
  role: Role;
  scopes: readonly Scope[];
  /** How we know: the one user of a machine without sign-in, a session, or an API token. */
  via: "local" | "session" | "token";
  /** The session's or the token's own id, to tell it from the owner's others. */
  credentialId?: string;
}

/** Whoever holds the address of a share: may watch that one video. */
export interface Visitor {
  type: "visitor";
  shareId: ShareId;
  jobId: JobId;
}

/** One of our own functions, on behalf of whoever owns the row. */
export interface System {
  type: "system";
}

export type Actor = Owner | Visitor | System;

const context = Context.create<Actor>();

/** Runs `run` as `actor`: every core operation inside asks who is acting. */
export function withActor<R>(actor: Actor, run: () => R): R {
  return context.with(actor, run);
}

/** Whoever is acting, if anybody is. To decide by it, assert with one of the functions below. */
export function current(): Actor | undefined {
  return context.use();
}

/**
 * The owner who is asking, for something of this scope. Throws `actor.required` when nobody, a visitor
 * or the system is, and `actor.scope` when a token was not made for it.
 */
export function owner(scope: Scope): Owner {
  const actor = context.use();
  if (actor?.type !== "owner") throw required();
  if (actor.scopes.includes(scope)) return actor;
  const message = `This token does not have the required scope. Create one with the scope "${scope}".`;
  throw new VisibleError("forbidden", "actor.scope", message);
}

/**
 * The owner, there in person: a token may neither make other keys nor change the account.
 * Throws `actor.required`, and `actor.person` for a token.
 */
export function person(): Owner {
  const actor = context.use();
  if (actor?.type !== "owner") throw required();
  if (actor.via !== "token") return actor;
  throw new VisibleError(
    "forbidden",
    "actor.person",
    "Sign in to do this. API tokens cannot do it.",
  );
}

/** An admin, there in person. Throws `actor.required`, `actor.person`, and `actor.admin` for a member. */
export function admin(): Owner {
  const actor = person();
  if (actor.role === "admin") return actor;
  throw onlyAdmin();
}

/** Whether this owner reaches a row of `ownerId`: the own ones, and as an admin who signed in all. */
export function reaches(actor: Owner, ownerId: string): boolean {
  return actor.ownerId === ownerId || (actor.role === "admin" && actor.via === "session");
}

/**
 * Whose rows are listed: the caller's own, or those of `ownerId`, whom only an admin who signed in may
 * name. Throws as `owner` does, and `actor.admin`.
 */
export function ownerOf(scope: Scope, ownerId: string | undefined): string {
  const actor = owner(scope);
  if (ownerId === undefined || reaches(actor, ownerId)) return ownerId ?? actor.ownerId;
  throw onlyAdmin();
}

/** Asserts that one of our own functions is acting; a person never may. */
export function system(): void {
  if (context.use()?.type === "system") return;
  throw new VisibleError("forbidden", "actor.required", "Only the pipeline can do this.");
}

function required(): VisibleError {
  return new VisibleError("auth", "actor.required", "Sign in to do this.");
}

function onlyAdmin(): VisibleError {
  return new VisibleError("forbidden", "actor.admin", "Only an admin can do this.");
}
