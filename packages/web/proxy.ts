import { type NextRequest, NextResponse } from "next/server";
import { bucketOrigins, securityHeaders } from "./lib/headers.ts";

/** Every page gets a nonce of its own, and the headers that go with it. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const forwarded = request.headers.get("x-forwarded-proto");
  const headers = securityHeaders({
    nonce,
    buckets: bucketOrigins(process.env),
    secure: (forwarded ?? request.nextUrl.protocol).startsWith("https"),
    development: process.env.NODE_ENV === "development",
  });
  // Next finds the nonce for its own scripts in the policy of the request.
  const asked = new Headers(request.headers);
  asked.set("content-security-policy", headers["content-security-policy"] ?? "");
  const response = NextResponse.next({ request: { headers: asked } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ["/((?!_next/static).*)"] };
