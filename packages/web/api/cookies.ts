import { resource } from "@rushes/core/resource";
import { parse } from "hono/utils/cookie";

/** The session's path: its cookie is sent with every request, also when a user follows a link from another site. */
const SESSION_PATH = "/";
export const SIGN_IN_SECONDS = 600;
/** Node's limit for all headers of a request. Rushes's cookies take a fraction of it. */
const MAX_COOKIES_LENGTH = 16 * 1024;

const isSecure = () => new URL(resource().Settings.siteUrl).protocol === "https:";

/**
 * Over https, the `__Host-` prefix: no other host and no plain http can set such a cookie. Loopback over http cannot
 * use it.
 */
export const sessionName = () => (isSecure() ? "__Host-rushes" : "rushes");

/**
 * One cookie per unfinished sign-in, so that two windows do not interfere. Over https with the session's prefix:
 * otherwise another site under the same domain could plant a sign-in, and the visitor would continue in its account.
 */
const signInPrefix = () => (isSecure() ? "__Host-rushes-sign-in-" : "rushes-sign-in-");
/** The path of an unfinished sign-in: only the callback gets the cookie, unless the prefix requires "/". */
const signInPath = () => (isSecure() ? "/" : "/api/auth");
const signInName = (state: string) => `${signInPrefix()}${state.slice(0, 12)}`;

/** The sealed session of a request. */
export function sessionOf(request: Request): string | undefined {
  return cookiesOf(request)[sessionName()];
}

/** The sealed sign-in that began with this state. */
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

/** Ends every unfinished sign-in if there are more than a user would start. */
export function clearSignIns(request: Request, atLeast = 1): string[] {
  const names = Object.keys(cookiesOf(request)).filter((name) => name.startsWith(signInPrefix()));
  if (names.length < atLeast) return [];
  return names.map((name) => setCookie(name, "", signInPath(), "Max-Age=0"));
}

function cookiesOf(request: Request): Record<string, string> {
  const header = request.headers.get("cookie") ?? "";
  return header.length > MAX_COOKIES_LENGTH ? {} : parse(header);
}

/** SameSite=Lax: Strict would withhold the session after the provider's redirect and after every link. */
function setCookie(name: string, value: string, path: string, until: string): string {
  const secure = isSecure() ? "; Secure" : "";
  return `${name}=${value}; Path=${path}; ${until}; HttpOnly; SameSite=Lax${secure}`;
}
