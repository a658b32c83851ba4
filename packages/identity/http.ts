/** HTTP for the provider's own pages. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "@rushes/aws-local/wire/read-body";
import { IDENTITY_POLICY } from "@rushes/core/http/csp";
import * as Network from "@rushes/core/http/network";

const MAX_BODY_BYTES = 16 * 1024;

/** Sets the security headers of every response. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader("content-security-policy", IDENTITY_POLICY);
  response.setHeader("cache-control", "no-store");
  // Not `no-referrer`, with which browsers would not send the Origin header of a form. Other sites get no referrer.
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("x-frame-options", "DENY");
  // The same as the web app's: a page that opened a window for the sign-in can close it.
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader(
    "permissions-policy",
    "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  );
}

export function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/html",
): void {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** A form's fields. Undefined if the body is not a form or is too large. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return undefined;
  const body = await readBody(request, MAX_BODY_BYTES);
  return body && new URLSearchParams(body.toString("utf8"));
}

/** The network of the client, whose address the reverse proxy has written. */
export function networkOf(request: IncomingMessage): string {
  const forwarded = request.headers["x-forwarded-for"]?.toString().split(",").at(-1)?.trim();
  return Network.networkOf(forwarded || request.socket.remoteAddress || "");
}
