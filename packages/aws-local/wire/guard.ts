/**
 * Checks that every local page and control endpoint makes. A page on the internet may point its own name at 127.0.0.1
 * (DNS rebinding) or post a form to it. Neither may read or change anything here.
 */
import type { IncomingMessage } from "node:http";

/** True if the Host header names this machine, with any port. */
export function isOwnHost(message: IncomingMessage): boolean {
  const host = message.headers.host?.toLowerCase() ?? "";
  const name = /^(\[[0-9a-f:.]+\]|[^:]*)(:\d{1,5})?$/.exec(host)?.[1] ?? "";
  return name === "localhost" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
}

/** True if no other site started the request: it has no Origin, or that of its Host. */
export function isOwnOrigin(message: IncomingMessage): boolean {
  const { origin, host } = message.headers;
  if (origin !== undefined) return origin === `http://${host}`;
  const site = message.headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none";
}
