import { type Owner, SCOPES } from "@rushes/core/actor";
import { resource } from "@rushes/core/resource";
import * as Session from "@rushes/core/session/index";
import * as Token from "@rushes/core/token/index";
import { sessionOf, setSession } from "./cookies.ts";

export interface Asking {
  /** Undefined for an anonymous request. Routes that require an actor return 401. */
  actor?: Owner;
  /** The next cookie of the session, for the response. */
  setCookie?: string;
}

/**
 * Determines the actor: from the token if one is sent, else from the session's cookie. Without sign-in, everyone who
 * reaches the API is its one owner.
 */
export async function actorOf(request: Request): Promise<Asking> {
  const token = bearerOf(request);
  // A wrong token makes the request anonymous, even with a cookie: a program must not act as the signed-in user.
  if (token !== undefined) return { actor: await Token.resolve(token) };
  const { SignIn } = resource();
  if (!SignIn.required) return { actor: localUser() };
  const cookie = sessionOf(request);
  if (cookie === undefined) return {};
  const resumed = await Session.resume(cookie);
  // The invalid cookie stays: this response may arrive after a sign-in in another tab, whose new cookie it would
  // remove. An invalid cookie grants nothing, and the next sign-in replaces it.
  if (!resumed) return {};
  const { actor, renewed } = resumed;
  return { actor, ...(renewed && { setCookie: setSession(renewed) }) };
}

/**
 * The headers that may have a token; the first one present counts. On AWS, CloudFront writes its own signature into
 * Authorization and passes the client's header on under another name.
 */
export const TOKEN_HEADERS = ["x-forwarded-authorization", "authorization"] as const;

/** The token of a request. Unlike a cookie, a browser never adds it automatically. */
export function bearerOf({ headers }: Request): string | undefined {
  const [sent = ""] = TOKEN_HEADERS.flatMap((name) => headers.get(name) ?? []);
  return /^Bearer +(\S+) *$/i.exec(sent)?.[1];
}

function localUser(): Owner {
  const { defaultOwnerId, defaultOwnerEmail } = resource().Settings;
  return {
    type: "owner",
    ownerId: defaultOwnerId,
    email: defaultOwnerEmail,
    role: "admin",
    scopes: SCOPES,
    via: "local",
  };
}
