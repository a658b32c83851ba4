/** Every Content-Security-Policy that Rushes sends. */

const NONE = "'none'";
const SELF = "'self'";

/** The header's text. A directive without sources is only its name. */
function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, sources]) => (sources === "" ? name : `${name} ${sources}`))
    .join("; ");
}

/** An object of a bucket that is opened as a page: users uploaded it, and it may share the site's origin. */
export const OBJECT_POLICY = policy({
  "default-src": NONE,
  "media-src": SELF,
  "img-src": SELF,
  "frame-ancestors": NONE,
  sandbox: "",
});

/** The identity provider's pages: no scripts. Forms go to the provider, and from there back to the same origin. */
export const IDENTITY_POLICY = policy({
  "default-src": NONE,
  "style-src": SELF,
  "img-src": SELF,
  "form-action": SELF,
  "base-uri": NONE,
  "frame-ancestors": NONE,
});

/** The inbox: only its own style sheet, script, frame and forms. */
export const INBOX_POLICY = policy({
  "default-src": NONE,
  "style-src": SELF,
  "script-src": SELF,
  "connect-src": SELF,
  "img-src": SELF,
  "frame-src": SELF,
  "form-action": SELF,
  "base-uri": NONE,
  "frame-ancestors": NONE,
});

/** The HTML of a message in the inbox: no scripts, no network, no forms, and only its embedded images. */
export const MESSAGE_POLICY = policy({
  "default-src": NONE,
  "style-src": "'unsafe-inline'",
  "img-src": "data:",
  "font-src": "data:",
  "base-uri": NONE,
  "form-action": NONE,
  "frame-ancestors": SELF,
  sandbox: "allow-popups allow-popups-to-escape-sandbox",
});

export interface PagePolicyOptions {
  nonce: string;
  /** The origin of the uploads bucket. */
  uploads: string;
  /** The origin of posters and renditions. */
  media: string;
  /** True if the page was requested over https. */
  secure: boolean;
  /** True under `next dev`, which evaluates code to refresh the page. */
  development: boolean;
  /** Origins that may frame the page. Only the embedded player has them. */
  frames?: readonly string[];
}

/** A page of the web app: its own scripts by nonce, its own styles, and media from two origins. */
export function pagePolicy(options: PagePolicyOptions): string {
  const { nonce, uploads, media, secure, development, frames = [] } = options;
  const scripts = `${SELF} 'nonce-${nonce}' 'strict-dynamic'`;
  return policy({
    "default-src": SELF,
    "script-src": development ? `${scripts} 'unsafe-eval'` : scripts,
    // A style element needs the nonce. React sets widths and colors in attributes.
    "style-src": `${SELF} 'nonce-${nonce}'`,
    "style-src-attr": "'unsafe-inline'",
    "img-src": `${SELF} blob: data: ${media}`,
    // The original plays from the uploads bucket while it is being encoded. hls.js gives each of its captions tracks an
    // empty data: URL.
    "media-src": `${SELF} blob: data: ${media} ${uploads}`,
    // The player requests playlists, segments and captions itself.
    "connect-src": `${SELF} ${uploads} ${media}`,
    "font-src": SELF,
    // Uploads are hashed in a worker. Its script has no policy, so it may use WebAssembly, which pages may not.
    "worker-src": SELF,
    "object-src": NONE,
    "base-uri": NONE,
    "form-action": SELF,
    "frame-ancestors": frames.length > 0 ? frames.join(" ") : NONE,
    ...(secure && { "upgrade-insecure-requests": "" }),
  });
}
