/**
 * Makes another program's text safe for a log: without the queries of URLs, which may hold signatures, without
 * credentials in URLs, and without memory addresses. It is still not safe for a page, the API or a mail.
 */
export function scrub(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, "$1")
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s?'"]*)\?[^\s'"]*/gi, "$1")
    .replace(/\bX-Amz-[A-Za-z-]+(=|%3D)[^\s&'"]*/gi, "")
    .replace(/(\s@\s*)?\b0x[0-9a-f]{4,}/gi, "");
}
