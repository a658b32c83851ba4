/** The actors of the access tests, and the outcome that each one is to get. */
import { type Actor, type Owner, SCOPES } from "@rushes/core/actor";
import * as Id from "@rushes/core/id";
import { OWNER } from "../../owner.ts";
import type { Need } from "./operations.table.ts";

/** A signed-in user. */
export const someone = (ownerId: string, fields: Partial<Owner> = {}): Owner => ({
  ...OWNER,
  ownerId,
  via: "session",
  ...fields,
});

/** Every kind of actor. */
export const KINDS = [
  "nobody",
  "visitor",
  "system",
  "another member",
  "owner",
  "admin",
  "local user",
  "token: upload",
  "token: read",
  "token: manage",
  "token: share",
  "token: keys",
  "another's token",
  "an admin's token",
] as const;

/** An actor of this kind, in tests whose records belong to `ownerId`. */
export function actorOf(kind: (typeof KINDS)[number], ownerId: string): Actor | undefined {
  const token = (of: string, fields: Partial<Owner> = {}) =>
    someone(of, { via: "token", ...fields });
  switch (kind) {
    case "nobody":
      return undefined;
    case "system":
      return { type: "system" };
    case "visitor":
      return { type: "visitor", shareId: Id.create.share(), jobId: Id.create.job() };
    case "another member":
      return someone("own_other");
    case "owner":
      return someone(ownerId);
    case "admin":
      return someone("own_admin", { role: "admin" });
    case "local user":
      return someone("local", { via: "local", role: "admin" });
    case "another's token":
      return token("own_other");
    case "an admin's token":
      // With the scope `keys`, which its owner's role does not extend beyond the operations of that scope.
      return token("own_admin", { role: "admin" });
    default:
      return token(ownerId, { scopes: SCOPES.filter((scope) => kind.endsWith(scope)) });
  }
}

/** The expected outcome of an operation: success, or the code of its error. */
export function expected(need: Need, actor: Actor | undefined, ownerId: string): RegExp {
  const [done, required] = [/^done$/, /^actor\.required$/];
  if (need === "anybody") return done;
  if (need === "system") return actor?.type === "system" ? done : required;
  if (actor?.type !== "owner") return required;
  const [asked = "", whose] = need.split(" of ");
  const scopes = SCOPES.filter((one) => asked.split(" or ").includes(one));
  if (scopes.length > 0) {
    if (!scopes.some((one) => actor.scopes.includes(one))) return /^actor\.scope$/;
  } else if (actor.via === "token") return /^actor\.person$/;
  if (need === "admin" || whose === "an admin")
    return actor.role === "admin" ? done : /^actor\.admin$/;
  if (whose === undefined || actor.ownerId === ownerId) return done;
  const isAdmin = actor.role === "admin" && actor.via === "session";
  return isAdmin && whose === "the owner or an admin" ? done : /\.not_found$/;
}
