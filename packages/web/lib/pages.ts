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
