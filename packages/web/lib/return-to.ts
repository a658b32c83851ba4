/** The page that a sign-in returns to. */

const NOWHERE = "http://nowhere.invalid";
/** No page has a longer URL, and this must fit into a cookie. */
const MAX_LENGTH = 1000;
/** Pages that would cause a loop, and paths that are not pages. */
const NO_PAGES = /^\/(api|sign-in|_next)(\/|$)/i;

/**
 * The page of this app that `returnTo` names, or `/` for everything else. The result is always a path on this
 * origin: one slash, and neither a scheme nor a host in any spelling.
 */
export function returnTo(given: string | null | undefined): string {
  if (typeof given !== "string" || given.length > MAX_LENGTH) return "/";
  // Browsers drop tabs and line breaks, and treat a backslash as a slash.
  if (!given.startsWith("/") || /[\p{Cc}\s\\]/u.test(given)) return "/";
  if (!URL.canParse(given, NOWHERE)) return "/";
  const { origin, pathname, search, hash } = new URL(given, NOWHERE);
  const path = decoded(pathname);
  // Also after dots are resolved ("/.//host") and after another decoding ("/%2fhost").
  if (origin !== NOWHERE || path === undefined || /^\/[/\\]/.test(path)) return "/";
  if (/[\p{Cc}\\]/u.test(path) || NO_PAGES.test(path)) return "/";
  return `${pathname}${search}${hash}`;
}

/** The URL of the sign-in page that returns to `to`. */
export function signInPage(to: string, problem?: string): string {
  const query = new URLSearchParams();
  if (problem !== undefined) query.set("problem", problem);
  const page = returnTo(to);
  if (page !== "/") query.set("returnTo", page);
  return query.size > 0 ? `/sign-in?${query}` : "/sign-in";
}

/** Decodes percent signs repeatedly. Undefined for an invalid encoding. */
function decoded(path: string): string | undefined {
  let text = path;
  for (let times = 0; times < 5; times += 1) {
    try {
      const next = decodeURIComponent(text);
      if (next === text) return text;
      text = next;
    } catch {
      return undefined;
    }
  }
  return undefined;
}
