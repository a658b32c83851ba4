/** The headers that tell a browser what our pages may do. */

export interface HeaderOptions {
  nonce: string;
  /** Origins of the buckets: bytes go up there, posters and videos come from there. */
  buckets: string[];
  /** True where the page came by https. */
  secure: boolean;
  /** True under `next dev`, whose refresh evaluates code. */
  development: boolean;
  /** Origins whose pages may frame this one: only for the page that is made for it. */
  frames?: readonly string[];
  /** True for what the holder of a link opens: its address is a key, and no search engine's matter. */
  shared?: boolean;
}

/** The Content-Security-Policy: our own scripts by nonce, our own styles, media from the buckets. */
export function contentSecurityPolicy({
  nonce,
  buckets,
  secure,
  development,
  frames = [],
}: HeaderOptions): string {
  const from = buckets.join(" ");
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Attributes only: React writes a width or a colour there; no style element without the nonce.
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' blob: data: ${from}`,
    `media-src 'self' blob: ${from}`,
    `connect-src 'self' ${from}`,
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

/** Where the browser reaches the buckets: as the settings say, else as the SDK does, else AWS's own. */
export function bucketOrigins(env: NodeJS.ProcessEnv): string[] {
  const settings: unknown = JSON.parse(env.SST_RESOURCE_Settings ?? "{}");
  if (typeof settings === "object" && settings !== null && "bucketUrl" in settings) {
    return [new URL(String(settings.bucketUrl)).origin];
  }
  if (env.AWS_ENDPOINT_URL_S3) return [new URL(env.AWS_ENDPOINT_URL_S3).origin];
  return [env.SST_RESOURCE_Uploads, env.SST_RESOURCE_Renditions].flatMap((link) => {
    const bucket: unknown = link && JSON.parse(link);
    if (typeof bucket !== "object" || bucket === null || !("name" in bucket)) return [];
    return [`https://${String(bucket.name)}.s3.${env.AWS_REGION}.amazonaws.com`];
  });
}
