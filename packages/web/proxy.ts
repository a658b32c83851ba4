import { media, resource } from "@rushes/core/resource";
import { type NextRequest, NextResponse } from "next/server";
import { sessionName } from "./api/cookies.ts";
import { originsOf, securityHeaders } from "./lib/headers.ts";
import { isOwnHost } from "./lib/host.ts";
import { isPrivatePage, rejectionOf } from "./lib/pages.ts";
import { signInPage } from "./lib/return-to.ts";

/**
 * The redirect for a page that requires a session, if the request has no session cookie.
 * The API validates it on every request of the page.
 */
function signInFirst(request: NextRequest): URL | undefined {
  const { pathname, searchParams } = request.nextUrl;
  if (!isPrivatePage(pathname) || !resource().SignIn.required) return undefined;
  if (request.cookies.has(sessionName())) return undefined;
  const query = new URLSearchParams(searchParams);
  // Set by Next for a prefetch.
  query.delete("_rsc");
  const page = query.size > 0 ? `${pathname}?${query}` : pathname;
  return new URL(signInPage(page), resource().Settings.siteUrl);
}

/** The origins that may frame a page. Undefined except for the embed page. */
async function framesOf(path: string): Promise<string[] | undefined> {
  const [, address] = /^\/embed\/([^/]+)\/?$/.exec(path) ?? [];
  if (address === undefined) return undefined;
  const Share = await import("@rushes/core/share/index");
  // If the share cannot be read, no origin may.
  return Share.framesOf(address).catch(() => []);
}

const SENTENCES = {
  400: "The path of this URL is not encoded as UTF-8.",
  405: "A page supports only GET and HEAD.",
} as const;

/** Continues to the page, redirects to the sign-in, or rejects the request. */
function answer(request: NextRequest, asked: Headers): NextResponse {
  const { siteUrl } = resource().Settings;
  // The API returns its own error with a code.
  const isApi = /^\/api(\/|$)/.test(request.nextUrl.pathname);
  if (!isApi && !isOwnHost(request.headers.get("host"), siteUrl)) {
    const text = `This host name is not allowed. Open ${new URL(siteUrl).origin} instead.\n`;
    return new NextResponse(text, { status: 421, headers: { "cache-control": "no-store" } });
  }
  const rejection = rejectionOf(request.method, request.nextUrl.pathname);
  if (rejection !== undefined) {
    const headers = {
      "cache-control": "no-store",
      ...(rejection === 405 && { allow: "GET, HEAD" }),
    };
    const message = SENTENCES[rejection];
    return isApi
      ? NextResponse.json({ code: "request.invalid", message }, { status: rejection, headers })
      : new NextResponse(`${message}\n`, { status: rejection, headers });
  }
  const elsewhere = signInFirst(request);
  return elsewhere
    ? NextResponse.redirect(elsewhere, 307)
    : NextResponse.next({ request: { headers: asked } });
}

/** Gives every page its own nonce and security headers. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const path = request.nextUrl.pathname;
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const forwarded = request.headers.get("x-forwarded-proto");
  const headers = securityHeaders({
    nonce,
    ...originsOf({ ...resource(), Media: media() }, process.env),
    secure: (forwarded ?? request.nextUrl.protocol).startsWith("https"),
    development: process.env.NODE_ENV === "development",
    frames: await framesOf(path),
    shared: /^\/(watch|embed)\//.test(path),
  });
  // Next reads the nonce for its scripts from the policy of the request.
  const asked = new Headers(request.headers);
  asked.set("content-security-policy", headers["content-security-policy"] ?? "");
  const response = answer(request, asked);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ["/((?!_next/static).*)"] };
