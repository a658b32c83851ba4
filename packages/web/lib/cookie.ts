const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Stores a choice of the reader in a cookie, so that the server renders the next page with it and no script has to run
 * before the first paint. Neither the name nor the value may need encoding.
 */
export function rememberInCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari before 18.4.
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
