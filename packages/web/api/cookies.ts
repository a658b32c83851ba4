/** The cookies of sign-in, and how a browser must treat them. */
import { resource } from "@rushes/core/resource";
import { parse } from "hono/utils/cookie";

/** Of a session: sent with every request to us, also with the first one that a link elsewhere makes. */
const SESSION_PATH = "/";
export const SIGN_IN_SECONDS = 600;
/** All headers of a request together may be no larger for Node; ours is a fraction of it. */
const MAX_COOKIES_LENGTH = 16 * 1024;

const isSecure = () => new URL(resource().Settings.siteUrl).protocol === "https:";

/** By https a name that no other host and no plain http can set; loopback by http has no such name. */
export const sessionName = () => (isSecure() ? "__Host-rushes" : "rushes");

/**
 * One for each sign-in under way, so that two windows do not disturb each other. By https of the same
 * kind as the session's: a neighbour under the same domain could else plant a sign-in of its own, and
 * its visitor would go on in its account.
 */
const signInPrefix = () => (isSecure() ? "__Host-rushes-sign-in-" : "rushes-sign-in-");
/** Of a sign-in under way: sent only where it is answered, but where its name demands more. */
const signInPath = () => (isSecure() ? "/" : "/api/auth");
const signInName = (state: string) => `${signInPrefix()}${state.slice(0, 12)}`;

/** The sealed value of the session that a request comes with. */
export function sessionOf(request: Request): string | undefined {
  return cookiesOf(request)[sessionName()];
}

/** The sealed value of the sign-in that was begun with this state. */
export function signInOf(request: Request, state: string): string | undefined {
  return cookiesOf(request)[signInName(state)];
}

export function setSession({ cookie, expires }: { cookie: string; expires: Date }): string {
  return setCookie(sessionName(), cookie, SESSION_PATH, `Expires=${expires.toUTCString()}`);
}

export function clearSession(): string {
  return setCookie(sessionName(), "", SESSION_PATH, "Max-Age=0");
}

export function setSignIn(state: string, value: string): string {
  return setCookie(signInName(state), value, signInPath(), `Max-Age=${SIGN_IN_SECONDS}`);
}

export function clearSignIn(state: string): string {
  return setCookie(signInName(state), "", signInPath(), "Max-Age=0");
}

/** Ends every sign-in under way, when somebody has begun more of them than a person would. */
export function clearSignIns(request: Request, atLeast = 1): string[] {
  const names = Object.keys(cookiesOf(request)).filter((name) => name.startsWith(signInPrefix()));
  if (names.length < atLeast) return [];
  return names.map((name) => setCookie(name, "", signInPath(), "Max-Age=0"));
}

function cookiesOf(request: Request): Record<string, string> {
  const header = request.headers.get("cookie") ?? "";
  return header.length > MAX_COOKIES_LENGTH ? {} : parse(header);
}

/** SameSite=Lax: strict would hide the session from the answer of the provider, and from every link. */
function setCookie(name: string, value: string, path: string, until: string): string {
  const secure = isSecure() ? "; Secure" : "";
  return `${name}=${value}; Path=${path}; ${until}; HttpOnly; SameSite=Lax${secure}`;
}
