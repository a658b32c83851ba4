/**
 * CloudFront on one machine, in front of the renditions bucket. It serves only URLs that a trusted key has signed,
 * and only that bucket.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { OBJECT_POLICY } from "@rushes/core/http/csp";
import { MEDIA } from "@rushes/core/rendition/key";
import type { S3 } from "../s3/index.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { type Listening, listen } from "../wire/listen.ts";
import { CloudFrontError, errorXml } from "./error.ts";
import { type TrustedKeys, type UnsignedTarget, verifySigned } from "./signature.ts";

interface CdnOptions {
  s3: Pick<S3, "serveObject">;
  bucket: string;
  trusted: TrustedKeys;
  /** Origins whose pages may read the files: players request segments themselves. On AWS the site has the same origin. */
  pageOrigins?: readonly string[];
  /** Where browsers reach it, such as `https://video.example.com/media`. */
  url: string;
  /** The client's IP address; that of the socket unless a trusted proxy forwards the request. */
  addressOf?(request: IncomingMessage): string;
  onLog(line: string): void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The path of all media below an origin, as on AWS. */
export const MEDIA_PATH = "/media";

/** The only parameter that is forwarded to S3, as in the cache policy on AWS. */
const FORWARDED = "response-content-disposition";

/** Handles all requests below the path of `url`. */
export function createCdnHandler(options: CdnOptions): Handler {
  const { s3, bucket, trusted, pageOrigins = [] } = options;
  const { protocol, pathname } = new URL(options.url);
  const prefix = `${pathname.replace(/\/+$/, "")}/`;
  const addressOf = options.addressOf ?? (({ socket }) => socket.remoteAddress ?? "");

  return (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("content-security-policy", OBJECT_POLICY);
    allowPages(request, response, pageOrigins);
    // The browser stores the response but revalidates it every time, so that an expired signature is rejected.
    response.setHeader("cache-control", "private, no-cache");
    try {
      if (request.method !== "GET" && request.method !== "HEAD") {
        throw new CloudFrontError("AccessDenied", "Only GET and HEAD are served here.");
      }
      const { host = "", cookie } = request.headers;
      const signed = verifySigned(
        {
          origin: `${protocol}//${host}`,
          target: request.url ?? "/",
          cookie,
          address: addressOf(request),
          now: Date.now(),
        },
        trusted,
      );
      const { name, disposition } = readObject(signed, prefix);
      const query = new Map(disposition === undefined ? [] : [[FORWARDED, disposition]]);
      // Versions before profiles wrote keys without the prefix, and their renditions still play.
      s3.serveObject(request, response, { bucket, keys: [`${MEDIA}${name}`, name], query });
    } catch (error) {
      if (error instanceof CloudFrontError) return sendError(request, response, error);
      // Without the URL, which gives access to a video.
      options.onLog(`The CDN failed: ${error instanceof Error ? error.stack : error}`);
      response.writeHead(500, { "content-length": 0 }).end();
    }
  };
}

/** Cross-origin access for the listed origins only, without cookies, also to the reason of a rejection. */
function allowPages(
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  allowed: readonly string[],
): void {
  if (allowed.length === 0) return;
  response.setHeader("vary", "origin");
  if (origin === undefined || !allowed.includes(origin)) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "content-length, content-range, etag");
}

/** The object's key without its prefix. Does not use `URL`, which would normalize `a/../b`. @throws CloudFrontError */
function readObject(
  { path, query }: UnsignedTarget,
  prefix: string,
): { name: string; disposition?: string } {
  if (!path.startsWith(prefix) || path === prefix)
    throw new CloudFrontError("AccessDenied", "Access denied");
  let name: string;
  let disposition: string | undefined;
  try {
    const given = query.split("&").find((pair) => pair.startsWith(`${FORWARDED}=`));
    const value = given?.slice(FORWARDED.length + 1).replaceAll("+", " ");
    name = decodeURIComponent(path.slice(prefix.length));
    disposition = value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    throw new CloudFrontError("AccessDenied", "Access denied");
  }
  // No key has such a segment. A signature for a folder must not look as if it were valid outside of it.
  if (name.split("/").some((segment) => segment === "." || segment === "..")) {
    throw new CloudFrontError("AccessDenied", "Access denied");
  }
  return { name, disposition };
}

function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: CloudFrontError,
): void {
  const body = errorXml(error);
  response.writeHead(403, {
    "content-type": "text/xml",
    "content-length": Buffer.byteLength(body),
    // The body is not read, so the connection cannot carry another request.
    ...(request.method !== "GET" && request.method !== "HEAD" && { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Starts a server of its own, for a local stack that is not public. */
export async function startCdn({
  host,
  port,
  ...options
}: Omit<CdnOptions, "url"> & { host: string; port: number }): Promise<Listening> {
  const handler = createCdnHandler({ ...options, url: `http://${host}${MEDIA_PATH}` });
  const listening = await listen(createHttpServer(handler, { hosts: "own" }), { host, port });
  return { ...listening, url: `${listening.url}${MEDIA_PATH}` };
}
