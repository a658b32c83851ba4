/** Pages that need no sign-in: the sign-in itself, and pages for visitors. */
const OPEN = /^\/(sign-in|signed-in|watch\/.*|embed\/.*)\/?$/;
/** The API checks access itself. */
const NO_PAGES = /^\/(api|_next)(\/|$)/;
/** Static files: icons, fonts, and files for crawlers. */
const FILES = /^\/[\w.-]+\.(svg|ico|png|txt|xml|webmanifest)$/;

/** Whether a path requires sign-in. Every path does, except for those known to be open. */
export function isPrivatePage(path: string): boolean {
  return !OPEN.test(path) && !NO_PAGES.test(path) && !FILES.test(path);
}

/**
 * The status that rejects a request before it reaches a page: 400 for a URL that no page can have, 405 for a
 * method other than a read. Undefined for all others.
 */
export function rejectionOf(method: string, path: string): 400 | 405 | undefined {
  try {
    decodeURIComponent(path);
  } catch {
    return 400;
  }
  if (NO_PAGES.test(path) || method === "GET" || method === "HEAD") return undefined;
  return 405;
}
