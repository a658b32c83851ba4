/** Pages that ask nobody to sign in: the sign-in itself, and what visitors open. */
const OPEN = /^\/(sign-in|signed-in|watch\/.*|embed\/.*)\/?$/;
/** The API answers for itself. */
const NO_PAGES = /^\/(api|_next)(\/|$)/;
/** Files that lie beside the pages: icons, fonts, and what crawlers ask for. */
const FILES = /^\/[\w.-]+\.(svg|ico|png|txt|xml|webmanifest)$/;

/** Whether a path is a page for whoever is signed in. Any that is not known to be open is. */
export function isPrivatePage(path: string): boolean {
  return !OPEN.test(path) && !NO_PAGES.test(path) && !FILES.test(path);
}

/**
 * The status that a request is refused with before a page is looked for: 400 for an address that no page
 * can have, 405 for a change, which pages do not take. Undefined for all others.
 */
export function refusalOf(method: string, path: string): 400 | 405 | undefined {
  try {
    decodeURIComponent(path);
  } catch {
    return 400;
  }
  if (NO_PAGES.test(path) || method === "GET" || method === "HEAD") return undefined;
  return 405;
}
