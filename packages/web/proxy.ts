import { media, resource } from "@rushes/core/resource";
import { type NextRequest, NextResponse } from "next/server";
import { sessionName } from "./api/cookies.ts";
import { originsOf, securityHeaders } from "./lib/headers.ts";
import { isOwnHost } from "./lib/host.ts";
import { isPrivatePage, refusalOf } from "./lib/pages.ts";
import { signInPage } from "./lib/return-to.ts";

/**
 * Where to go instead of a page that needs a session, when there is none. Only whether a cookie is
 * there is looked at: what it is worth is decided by the API, at everything that the page asks for.
 */
function signInFirst(request: NextRequest): URL | undefined {
  const { pathname, searchParams } = request.nextUrl;
  if (!isPrivatePage(pathname) || !resource().SignIn.required) return undefined;
  if (request.cookies.has(sessionName())) return undefined;
  const query = new URLSearchParams(searchParams);
  // Next's own, of a page that is fetched ahead.
  query.delete("_rsc");
  const page = query.size > 0 ? `${pathname}?${query}` : pathname;
  return new URL(signInPage(page), resource().Settings.siteUrl);
}

/** Who may frame a page: undefined but for the player that is made for it. */
async function framesOf(path: string): Promise<string[] | undefined> {
  const [, address] = /^\/embed\/([^/]+)\/?$/.exec(path) ?? [];
  if (address === undefined) return undefined;
  const Share = await import("@rushes/core/share/index");
  // Where it cannot be asked, nobody may.
  return Share.framesOf(address).catch(() => []);
}

/** On to the page, to the sign-in first, or no further. */
function answer(request: NextRequest, asked: Headers): NextResponse {
  const { siteUrl } = resource().Settings;
  // The API answers this for itself, with a code.
  const isApi = /^\/api(\/|$)/.test(request.nextUrl.pathname);
  if (!isApi && !isOwnHost(request.headers.get("host"), siteUrl)) {
    const text = `This host name is not allowed. Open ${new URL(siteUrl).origin} instead.\n`;
    return new NextResponse(text, { status: 421, headers: { "cache-control": "no-store" } });
  }
  const refused = refusalOf(request.method, request.nextUrl.pathname);
  if (refused !== undefined) {
    const headers = { "cache-control": "no-store", ...(refused === 405 && { allow: "GET, HEAD" }) };
    return new NextResponse(null, { status: refused, headers });
  }
  const elsewhere = signInFirst(request);
  return elsewhere
    ? NextResponse.redirect(elsewhere, 307)
    : NextResponse.next({ request: { headers: asked } });
}

/** Every page gets a nonce of its own, and the headers that go with it. */
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
  // Next finds the nonce for its own scripts in the policy of the request.
  const asked = new Headers(request.headers);
  asked.set("content-security-policy", headers["content-security-policy"] ?? "");
  const response = answer(request, asked);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ["/((?!_next/static).*)"] };
