const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Whether a Host header names this machine or the site. A page on the internet can point its hostname at 127.0.0.1 (DNS
 * rebinding), and could otherwise read everything here as its own origin.
 */
export function isOwnHost(host: string | null | undefined, siteUrl: string): boolean {
  if (!host || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return LOOPBACK.has(hostname) || hostname === new URL(siteUrl).hostname;
}
