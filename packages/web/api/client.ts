/** Where a request comes from. */
import { isIP } from "node:net";
import { type Request, withRequest } from "@rushes/core/request";
import type { MiddlewareHandler } from "hono";

const MAX_AGENT = 200;
/** Of a request that no door has seen, which only this machine can make. */
const LOCAL = "local";

/**
 * What tells of the client: X-Forwarded-Viewer, which CloudFront writes on AWS and the door of one
 * machine lets nobody else write, and X-Forwarded-For.
 */
export const CLIENT_HEADERS = ["x-forwarded-viewer", "x-forwarded-for", "user-agent"] as const;

/**
 * Who sent these headers. Of X-Forwarded-For the rightmost entry counts, which the door in front of us
 * wrote; whatever stands left of it the client may have made up. A Lambda function's address hands on
 * the leftmost alone, so that CloudFront has to say it in a header of its own.
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

/** Lets everything after it ask `request()` of the core where it comes from. */
export const client: MiddlewareHandler = (c, next) =>
  withRequest(clientOf(c.req.raw.headers), next);

/** One spelling of an address: without a port, and IPv4 as such where a socket took it for IPv6. */
function plain(entry: string): string {
  const bare = entry.replace(/^\[([^\]]*)\](:\d+)?$/, "$1").replace(/^([\d.]+):\d+$/, "$1");
  return bare.replace(/^::ffff:(?=[\d.]+$)/i, "");
}
