/** The one way in which an HTTP server of this project is made. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { isOwnHost } from "./guard.ts";

/** A client that takes longer over its headers is ended. */
const HEADERS_MS = 15_000;
/** Longer than proxies, load balancers and the SDK keep a connection that waits. */
const KEEP_ALIVE_MS = 65_000;
/** How long a whole request may take; the largest mail is 40 MB. */
const REQUEST_MS = 300_000;
/** A client that sends nothing more of a body that was refused is ended after this time. */
const STALL_MS = 10_000;
/** Large chunks off the socket: fewer turns of the loop for the same bytes. */
const STREAM_BYTES = 1024 * 1024;

export interface ServerOptions {
  /**
   * Whose requests are answered: `own` those that name this machine as Host, against DNS rebinding; `any` for
   * the public proxy, which compares the name itself.
   */
  hosts: "own" | "any";
  /** How long a whole request may take, in milliseconds; 0 for uploads, which end by themselves when they stall. */
  requestMs?: number;
  /** For tests: how long a client may take over its headers. */
  headersMs?: number;
  /** Answers `Expect: 100-continue`; without it the client is told to go on. */
  onContinue?: RequestListener;
}

/** Makes a server that ends slow clients, refuses foreign hosts, and never leaves half a body on a connection. */
export function createHttpServer(handler: RequestListener, options: ServerOptions): Server {
  const { hosts, requestMs = REQUEST_MS, headersMs = HEADERS_MS, onContinue } = options;
  const guarded = (next: RequestListener) => guard(next, hosts);
  const server = createServer(
    {
      requestTimeout: requestMs,
      ...headerLimits(headersMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      highWaterMark: STREAM_BYTES,
      noDelay: true,
    },
    guarded(handler),
  );
  if (onContinue) server.on("checkContinue", guarded(onContinue));
  return server;
}

/** How long a client may take over its headers, as options of Node's server. */
export const headerLimits = (headersMs = HEADERS_MS) => ({
  headersTimeout: headersMs,
  // Node looks every half minute, and until then a slow client would have its way.
  connectionsCheckingInterval: Math.min(5000, headersMs),
});

/** Refuses TRACE, which shows a page what its browser keeps from it, and hosts that are not served. */
export function guard(next: RequestListener, hosts: ServerOptions["hosts"]): RequestListener {
  return (request, response) => {
    response.once("finish", () => drain(request));
    if (request.method === "TRACE") refuse(response, 405, "TRACE is not served here.");
    else if (hosts === "own" && !isOwnHost(request)) {
      refuse(response, 421, "Only 127.0.0.1 and localhost are served here.");
    } else next(request, response);
  };
}

/**
 * Reads the rest of a body that was answered before its end. Unread, it would keep the next request on the
 * connection waiting forever; and a connection that is closed on it would lose the answer.
 */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), STALL_MS);
  request.on("data", () => timer.refresh());
  for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer));
  request.resume();
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  const { method } = response.req;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(`${sentence}\n`),
    "cache-control": "no-store",
    connection: "close",
    ...(status === 405 && { allow: "GET, HEAD, POST, PUT, PATCH, DELETE" }),
  });
  response.end(method === "HEAD" ? undefined : `${sentence}\n`);
}
