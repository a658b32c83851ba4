/** The headers that tell a browser what our pages may do. */
import type { Linked, Media } from "@rushes/core/resource";

export interface HeaderOptions {
  nonce: string;
  /** Origin of the uploads bucket: bytes go up there. */
  uploads: string;
  /** Origin from which posters and videos come. */
  media: string;
  /** True where the page came by https. */
  secure: boolean;
  /** True under `next dev`, whose refresh evaluates code. */
  development: boolean;
  /** Origins whose pages may frame this one: only for the page that is made for it. */
  frames?: readonly string[];
  /** True for what the holder of a link opens: its address is a key, and no search engine's matter. */
  shared?: boolean;
}

/** The Content-Security-Policy: our own scripts by nonce, our own styles, media from their one origin. */
export function contentSecurityPolicy({
  nonce,
  uploads,
  media,
  secure,
  development,
  frames = [],
}: HeaderOptions): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Attributes only: React writes a width or a colour there; no style element without the nonce.
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' blob: data: ${media}`,
    `media-src 'self' blob: ${media}`,
    `connect-src 'self' ${uploads}`,
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frames.length > 0 ? frames.join(" ") : "'none'"}`,
    ...(secure ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

/** All of them. HSTS only by https: over http it means nothing, and on loopback it would lock out. */
export function securityHeaders(options: HeaderOptions): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(options),
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
