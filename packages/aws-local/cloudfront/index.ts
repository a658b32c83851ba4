/**
 * The CDN of the one-machine home: what CloudFront is to the renditions bucket on AWS. It lets pass what
 * our key has signed, and reads that one bucket and no other.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { OBJECT_POLICY } from "@rushes/core/http/csp";
import type { S3 } from "../s3/index.ts";
import { createHttpServer } from "../wire/http-server.ts";
import { type Listening, listen } from "../wire/listen.ts";
import { Denied, deniedXml } from "./denied.ts";
import { type Address, type TrustedKeys, verifySigned } from "./signature.ts";

export interface CdnOptions {
  s3: Pick<S3, "serveObject">;
  bucket: string;
  trusted: TrustedKeys;
  /** Where browsers reach it, such as `https://video.example.com/media`. */
  url: string;
  /** Where a request comes from; the socket's own end unless whoever passed it on is to be believed. */
  addressOf?(request: IncomingMessage): string;
  onLog(line: string): void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Where the media lie below an origin, in both homes. */
export const PATH = "/media";

/** The one parameter that goes on to S3, as the cache policy on AWS says it. */
const FORWARDED = "response-content-disposition";

/** Answers whatever lies below the address's path. */
export function cdn(options: CdnOptions): Handler {
  const { s3, bucket, trusted } = options;
  const { protocol, pathname } = new URL(options.url);
  const prefix = `${pathname.replace(/\/+$/, "")}/`;
  const addressOf = options.addressOf ?? (({ socket }) => socket.remoteAddress ?? "");

  return (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("content-security-policy", OBJECT_POLICY);
    // Kept by the browser, and asked about every time: so a signature that has ended opens nothing there.
    response.setHeader("cache-control", "private, no-cache");
    try {
      if (request.method !== "GET" && request.method !== "HEAD") {
        throw new Denied("AccessDenied", "Only GET and HEAD are served here.");
      }
      const { host = "", cookie } = request.headers;
      const signed = verifySigned(
        {
          ...{ origin: `${protocol}//${host}`, target: request.url ?? "/", cookie },
          ...{ address: addressOf(request), now: Date.now() },
        },
        trusted,
      );
      const { key, disposition } = read(signed, prefix);
      const query = new Map(disposition === undefined ? [] : [[FORWARDED, disposition]]);
      s3.serveObject(request, response, { bucket, key, query });
    } catch (error) {
      if (error instanceof Denied) return refuse(request, response, error);
      // Without the address, which opens a video.
      options.onLog(`The CDN failed: ${error instanceof Error ? error.stack : error}`);
      response.writeHead(500, { "content-length": 0 }).end();
    }
  };
}

/** The key that an address names. Never through URL, which folds `a/../b`. @throws Denied */
function read({ path, query }: Address, prefix: string): { key: string; disposition?: string } {
  if (!path.startsWith(prefix) || path === prefix)
    throw new Denied("AccessDenied", "Access denied");
  try {
    const given = query.split("&").find((pair) => pair.startsWith(`${FORWARDED}=`));
    const value = given?.slice(FORWARDED.length + 1).replaceAll("+", " ");
    return {
      key: decodeURIComponent(path.slice(prefix.length)),
      ...(value !== undefined && { disposition: decodeURIComponent(value) }),
    };
  } catch {
    throw new Denied("AccessDenied", "Access denied");
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, error: Denied): void {
  const body = deniedXml(error);
  response.writeHead(403, {
    "content-type": "text/xml",
    "content-length": Buffer.byteLength(body),
    // A body that nobody reads must not be taken for the next request.
    ...(request.method !== "GET" && request.method !== "HEAD" && { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Serves it by itself, for a home that only this machine reaches; its `url` is where browsers come to. */
export async function startCdn({
  host,
  port,
  ...options
}: Omit<CdnOptions, "url"> & { host: string; port: number }): Promise<Listening> {
  const handler = cdn({ ...options, url: `http://${host}${PATH}` });
  const listening = await listen(createHttpServer(handler, { hosts: "own" }), { host, port });
  return { ...listening, url: `${listening.url}${PATH}` };
}
