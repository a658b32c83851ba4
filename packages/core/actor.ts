import { AsyncLocalStorage } from "node:async_hooks";
import { VisibleError } from "./error.ts";
import type { JobId, ShareId } from "./id.ts";

/** A member can access their own videos. An admin can access all videos, the users and the dead-letter queues. */
export const ROLES = ["member", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What an API token may do. A signed-in user may do all of it, but what `keys` allows, only as an admin. */
export const SCOPES = ["upload", "read", "manage", "share", "keys"] as const;
export type Scope = (typeof SCOPES)[number];

/** A user who owns uploads and jobs. */
export interface Owner {
  type: "owner";
  ownerId: string;
  /** Where mails about the owner's jobs go. */
  email: string;
  /** For a token without the scope `keys`, always "member". */
  role: Role;
  scopes: readonly Scope[];
  /** How the user is authenticated: as the local user without sign-in, by a session, or by an API token. */
  via: "local" | "session" | "token";
  /** The id of the session or the token. */
  credentialId?: string;
}

/** Someone who opened a share link, and may watch that one video. */
export interface Visitor {
  type: "visitor";
  shareId: ShareId;
  jobId: JobId;
}

/** One of Rushes's own functions, acting for the owner of a row. */
export interface System {
  type: "system";
}

export type Actor = Owner | Visitor | System;

/** The actor of the current request, so that it is not a parameter of every function. */
const context = new AsyncLocalStorage<Actor>();

/** Runs `run` as `actor`, whom every core operation inside it checks. */
export function withActor<R>(actor: Actor, run: () => R): R {
  return context.run(actor, run);
}

/** The current actor, if there is one. To authorize, use one of the functions below. */
export function current(): Actor | undefined {
  return context.getStore();
}

/**
 * The current owner, for an operation of this scope, or of one of `others`. Throws `actor.required` if there is no
 * actor, or if it is a visitor or the system, and `actor.scope` if a token has none of the scopes.
 */
export function owner(scope: Scope, ...others: Scope[]): Owner {
  const actor = context.getStore();
  if (actor?.type !== "owner") throw required();
  if ([scope, ...others].some((one) => actor.scopes.includes(one))) return actor;
  const who = scope === "keys" ? "An admin can create" : "Create";
  const message = `This token does not have the required scope. ${who} one with the scope "${scope}".`;
  throw new VisibleError("forbidden", "actor.scope", message);
}

/**
 * The current owner, if signed in: a token may neither create credentials nor change the account. Throws
 * `actor.required`, and `actor.person` for a token.
 */
export function person(): Owner {
  const actor = context.getStore();
  if (actor?.type !== "owner") throw required();
  if (actor.via !== "token") return actor;
  throw new VisibleError(
    "forbidden",
    "actor.person",
    "Sign in to do this. API tokens cannot do it.",
  );
}

/**
 * The current admin, if signed in, or with a token of `scope` if there is one. Throws `actor.required`, `actor.person`
 * for a token (`actor.scope` if there is a scope), and `actor.admin` for a member or a member's token.
 */
export function admin(scope?: "keys"): Owner {
  const actor = scope === undefined ? person() : owner(scope);
  if (actor.role === "admin") return actor;
  throw onlyAdmin();
}

/** Whether this owner may access a row of `ownerId`: their own rows, and all rows for a signed-in admin. */
export function reaches(actor: Owner, ownerId: string): boolean {
  return actor.ownerId === ownerId || (actor.role === "admin" && actor.via === "session");
}

/**
 * The owner whose rows to list: the caller, or `ownerId`, which only a signed-in admin may set. Throws as `owner` does,
 * and `actor.admin`.
 */
export function ownerOf(scope: Scope, ownerId: string | undefined): string {
  const actor = owner(scope);
  if (ownerId === undefined || reaches(actor, ownerId)) return ownerId ?? actor.ownerId;
  throw onlyAdmin();
}

/** Asserts that the actor is the system, and not a person. */
export function system(): void {
  if (context.getStore()?.type === "system") return;
  throw new VisibleError("forbidden", "actor.required", "Only the pipeline can do this.");
}

function required(): VisibleError {
  return new VisibleError("auth", "actor.required", "Sign in to do this.");
}

function onlyAdmin(): VisibleError {
  return new VisibleError("forbidden", "actor.admin", "Only an admin can do this.");
}
