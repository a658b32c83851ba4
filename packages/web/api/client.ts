/** The client that sent a request. */
import { isIP } from "node:net";
import { type Request, withRequest } from "@rushes/core/request";
import type { MiddlewareHandler } from "hono";

const MAX_AGENT = 200;
/** The address for a request that passed no proxy. Only this machine can send one. */
const LOCAL = "local";

/**
 * The headers that identify the client: X-Forwarded-For, and X-Forwarded-Viewer, which CloudFront writes on AWS. On one
 * machine, the reverse proxy accepts it from no client.
 */
export const CLIENT_HEADERS = ["x-forwarded-viewer", "x-forwarded-for", "user-agent"] as const;

/**
 * The client of these headers. The rightmost entry of X-Forwarded-For counts, because the proxy in front of the app
 * wrote it. The client may have forged the others. A Lambda function URL passes only the leftmost entry on, so
 * CloudFront writes its own header.
 */
export function clientOf(headers: Headers): Request {
  const viewer = headers.get("x-forwarded-viewer");
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  const address = plain(viewer ?? last);
  return {
    address: isIP(address) ? address : LOCAL,
    agent: (headers.get("user-agent") ?? "").slice(0, MAX_AGENT),
  };
}

/** Makes the client available to later code through core's `request()`. */
export const client: MiddlewareHandler = (c, next) =>
  withRequest(clientOf(c.req.raw.headers), next);

/** Normalizes an address: without a port, and with IPv4 instead of an IPv4-mapped IPv6 address. */
function plain(entry: string): string {
  const bare = entry.replace(/^\[([^\]]*)\](:\d+)?$/, "$1").replace(/^([\d.]+):\d+$/, "$1");
  return bare.replace(/^::ffff:(?=[\d.]+$)/i, "");
}
