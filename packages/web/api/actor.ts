import { type Owner, SCOPES } from "@rushes/core/actor";
import { resource } from "@rushes/core/resource";
import * as Session from "@rushes/core/session/index";
import * as Token from "@rushes/core/token/index";
import { sessionOf, setSession } from "./cookies.ts";

export interface Asking {
  /** Nobody when undefined: whatever needs somebody answers 401. */
  actor?: Owner;
  /** For the answer: the next cookie of the session. */
  setCookie?: string;
}

/**
 * Who is asking: by a token if one is sent, else by the session's cookie. Without sign-in everybody
 * who reaches the API is its one owner.
 */
export async function actorOf(request: Request): Promise<Asking> {
  const token = bearerOf(request);
  // A wrong token is nobody, whatever else is sent: a program must not act as who is signed in.
  if (token !== undefined) return { actor: await Token.resolve(token) };
  const { SignIn } = resource();
  if (!SignIn.required) return { actor: localUser() };
  const cookie = sessionOf(request);
  if (cookie === undefined) return {};
  const resumed = await Session.resume(cookie);
  // The dead cookie stays: this answer may come late, after a sign-in in another tab has set the
  // next one, which it would take away. A dead one opens nothing, and the next sign-in replaces it.
  if (!resumed) return {};
  const { actor, renewed } = resumed;
  return { actor, ...(renewed && { setCookie: setSession(renewed) }) };
}

/**
 * Where a token may stand, the first that is there counting: on AWS CloudFront writes its own signature
 * over Authorization, and what was sent comes under another name.
 */
export const TOKEN_HEADERS = ["x-forwarded-authorization", "authorization"] as const;

/** The token that a request is sent with; a browser never adds one by itself, as it does cookies. */
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
