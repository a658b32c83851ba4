import * as Context from "./context.ts";
import { VisibleError } from "./error.ts";

/** Somebody whose uploads and jobs these are. */
export interface Owner {
  type: "owner";
  ownerId: string;
  /** Where mails about the owner's jobs go. */
  email: string;
}

/** One of our own functions, on behalf of whoever owns the row. */
export interface System {
  type: "system";
}

export type Actor = Owner | System;

const context = Context.create<Actor>();

/** Runs `run` as `actor`: every core operation inside asks who is acting. */
export function withActor<R>(actor: Actor, run: () => R): R {
  return context.with(actor, run);
}

/** The owner who is asking. Throws `actor.required` when nobody or the system is. */
export function owner(): Owner {
  const actor = context.use();
  if (actor?.type === "owner") return actor;
  throw new VisibleError("auth", "actor.required", "Sign in to do this.");
}

/** Asserts that one of our own functions is acting; a person never may. */
export function system(): void {
  if (context.use()?.type === "system") return;
  throw new VisibleError("forbidden", "actor.required", "Only the pipeline itself may do this.");
}
