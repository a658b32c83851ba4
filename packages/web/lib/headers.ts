/** The headers that tell a browser what our pages may do. */
import { type PagePolicyOptions, pagePolicy } from "@rushes/core/http/csp";
import type { Linked, Media } from "@rushes/core/resource";

export interface HeaderOptions extends PagePolicyOptions {
  /** True for a page that a share link opens: its URL is a credential and must not be indexed. */
  shared?: boolean;
}

/** All of them. HSTS only by https: over http it means nothing, and on loopback it would lock out. */
export function securityHeaders(options: HeaderOptions): Record<string, string> {
  return {
    "content-security-policy": pagePolicy(options),
    "referrer-policy": options.shared ? "no-referrer" : "same-origin",
    "x-content-type-options": "nosniff",
    // It knows no lists; where there may be one, the policy above says it all.
    ...(options.frames === undefined && { "x-frame-options": "DENY" }),
    ...(options.shared && { "x-robots-tag": "noindex" }),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(options.secure && { "strict-transport-security": "max-age=63072000; includeSubDomains" }),
  };
}

/** What of our links decides where the browser may go. */
export type Links = Pick<Linked, "Settings" | "Uploads"> & { Media: Pick<Media, "url"> };

/**
 * Where bytes go and where they come from. The uploads bucket is reached as the settings say, else as the
 * SDK does, else as AWS has it. Out of the links and not the environment, which does not show them on AWS.
 */
export function originsOf(
  { Settings, Uploads, Media }: Links,
  env: { readonly [name: string]: string | undefined },
): Pick<HeaderOptions, "uploads" | "media"> {
  const endpoint = Settings.bucketUrl ?? env.AWS_ENDPOINT_URL_S3;
  return {
    uploads:
      endpoint === undefined
        ? `https://${Uploads.name}.s3.${env.AWS_REGION}.amazonaws.com`
        : new URL(endpoint).origin,
    media: new URL(Media.url).origin,
  };
}
