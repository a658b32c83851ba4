/**
 * The policy of what is opened from a bucket as a page of its own: people put it there, and it may come
 * from the site's origin. Films and pictures inside a page of ours are not asked.
 */
export const NO_PAGE =
  "default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'; sandbox";
