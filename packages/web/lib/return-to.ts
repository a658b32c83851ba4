/** Where a sign-in leads back to. */

const NOWHERE = "http://nowhere.invalid";
/** Longer addresses are no page of ours, and a cookie has to carry this. */
const MAX_LENGTH = 1000;
/** Pages that would lead into a circle, and addresses that are no pages. */
const NO_PAGES = /^\/(api|sign-in|_next)(\/|$)/i;

/**
 * The page of ours that an address in `returnTo` names, and `/` for everything else. Whatever comes
 * out is a path on our own origin: one slash, and neither a scheme nor a host in any spelling.
 */
export function returnTo(given: string | null | undefined): string {
  if (typeof given !== "string" || given.length > MAX_LENGTH) return "/";
  // Browsers drop tabs and line breaks, and take a backslash for a slash.
  if (!given.startsWith("/") || /[\p{Cc}\s\\]/u.test(given)) return "/";
  if (!URL.canParse(given, NOWHERE)) return "/";
  const { origin, pathname, search, hash } = new URL(given, NOWHERE);
  const path = decoded(pathname);
  // Also after dots were resolved ("/.//host") and for whoever decodes once more ("/%2fhost").
  if (origin !== NOWHERE || path === undefined || /^\/[/\\]/.test(path)) return "/";
  if (/[\p{Cc}\\]/u.test(path) || NO_PAGES.test(path)) return "/";
  return `${pathname}${search}${hash}`;
}

/** The address of the sign-in page, for somebody who wants to go to `to`. */
export function signInPage(to: string, problem?: string): string {
  const query = new URLSearchParams();
  if (problem !== undefined) query.set("problem", problem);
  const page = returnTo(to);
  if (page !== "/") query.set("returnTo", page);
  return query.size > 0 ? `/sign-in?${query}` : "/sign-in";
}

/** Without percent signs, however often they were encoded; undefined for a broken one. */
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
