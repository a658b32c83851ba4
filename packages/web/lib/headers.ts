/** The security headers of pages. */
import { type PagePolicyOptions, pagePolicy } from "@rushes/core/http/csp";
import type { Linked, Media } from "@rushes/core/resource";

export interface HeaderOptions extends PagePolicyOptions {
  /** True for a page of a share link: its URL is a credential and must not be indexed. */
  shared?: boolean;
}

/** All security headers. HSTS only over https: over http it has no effect, and on loopback it would lock you out. */
export function securityHeaders(options: HeaderOptions): Record<string, string> {
  return {
    "content-security-policy": pagePolicy(options),
    "referrer-policy": options.shared ? "no-referrer" : "same-origin",
    "x-content-type-options": "nosniff",
    // X-Frame-Options has no lists. With a list, the policy above covers it.
    ...(options.frames === undefined && { "x-frame-options": "DENY" }),
    ...(options.shared && { "x-robots-tag": "noindex" }),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(options.secure && { "strict-transport-security": "max-age=63072000; includeSubDomains" }),
  };
}

/** The linked resources that decide which origins the browser may use. */
export type Links = Pick<Linked, "Settings" | "Uploads"> & { Media: Pick<Media, "url"> };

/**
 * The origins of uploads and media. The uploads bucket has the URL of the settings, else of the SDK's endpoint,
 * else of AWS. Read from the links, because the environment does not have them on AWS.
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
